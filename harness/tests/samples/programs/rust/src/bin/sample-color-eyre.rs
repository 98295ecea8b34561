//! color-eyre's, with and without its colours and sections.

use color_eyre::Section as _;
use eyre::WrapErr as _;
use sample_programs::{arguments, get, get_with_retries};

fn main() -> eyre::Result<()> {
    let (kind, url) = arguments();
    let builder = color_eyre::config::HookBuilder::default();
    if std::env::var_os("NO_COLOR").is_some() {
        builder.theme(color_eyre::config::Theme::new()).install()?;
    } else {
        builder.install()?;
    }
    match kind.as_str() {
        "one" => Err(eyre::eyre!("the server said 503").wrap_err(format!("could not download {url}"))),
        "many" => {
            get_with_retries(&url, 2).wrap_err("gave up after 3 attempts").wrap_err("could not install `app`")?;
            Ok(())
        }
        "sections" => {
            get(&url)
                .wrap_err("could not install `app`")
                .note("the mirror may be down")
                .suggestion("try again later, with `--retries 5`")?;
            Ok(())
        }
        _ => panic!("no such kind"),
    }
}

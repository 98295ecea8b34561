//! eyre's Debug form, as from `fn main() -> eyre::Result<()>`.

use eyre::WrapErr as _;
use sample_programs::{arguments, get, get_with_retries};

fn main() -> eyre::Result<()> {
    let (kind, url) = arguments();
    match kind.as_str() {
        "one" => Err(eyre::eyre!("the server said 503").wrap_err(format!("could not download {url}"))),
        "many" => {
            get_with_retries(&url, 2).wrap_err("gave up after 3 attempts").wrap_err("could not install `app`")?;
            Ok(())
        }
        "lines" => {
            get(&url).wrap_err("could not install `app`\nthe mirror may be down")?;
            Ok(())
        }
        _ => panic!("no such kind"),
    }
}

//! anyhow's Debug form, as from `fn main() -> anyhow::Result<()>`, and its other forms.

use anyhow::{Context as _, anyhow};
use sample_programs::{arguments, get, get_with_retries};

fn main() -> anyhow::Result<()> {
    let (kind, url) = arguments();
    match kind.as_str() {
        // One link, so no "Caused by".
        "none" => Err(anyhow!("could not download {url} after 3 attempts")),
        // One cause: it is not numbered.
        "one" => Err(anyhow!("the server said 503").context(format!("could not download {url}"))),
        // The causes are numbered.
        "many" => {
            let size = get_with_retries(&url, 2)
                .with_context(|| format!("request failed after 2 retries: {url}"))
                .context("could not install `app`")?;
            println!("{size} bytes");
            Ok(())
        }
        // A link of several lines.
        "lines" => {
            get(&url).context("could not install `app`\nthe mirror may be down\n\ntry again later")?;
            Ok(())
        }
        // `{:#}`: the chain in one line.
        "line" => {
            if let Err(error) =
                get_with_retries(&url, 2).context("gave up after 3 attempts").context("could not install `app`")
            {
                eprintln!("Error: {error:#}");
                std::process::exit(1);
            }
            Ok(())
        }
        // cargo's and others' form: `error:` and `Caused by:` by hand.
        "by-hand" => {
            if let Err(error) = get_with_retries(&url, 2).context("could not install `app`") {
                eprintln!("error: {error}");
                for cause in error.chain().skip(1) {
                    eprintln!("  Caused by: {cause}");
                }
                std::process::exit(1);
            }
            Ok(())
        }
        _ => panic!("no such kind"),
    }
}

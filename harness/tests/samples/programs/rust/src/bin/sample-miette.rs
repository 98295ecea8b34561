//! miette's handlers: the graphical one in Unicode and in ASCII, the narrated one, and the plain Debug form.

use miette::{Context as _, GraphicalTheme, IntoDiagnostic as _, MietteHandlerOpts, ThemeStyles};
use sample_programs::{arguments, get, get_with_retries};

#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("could not install `app`")]
#[diagnostic(code(app::install), help("try again later, with `--retries 5`"))]
struct Install(#[source] reqwest::Error);

fn main() -> miette::Result<()> {
    let (kind, url) = arguments();
    let handler = std::env::var("SAMPLE_HANDLER").unwrap_or_default();
    let width = std::env::var("SAMPLE_WIDTH").ok().and_then(|width| width.parse().ok()).unwrap_or(80);
    miette::set_hook(Box::new(move |_| {
        let options = MietteHandlerOpts::new().width(width);
        Box::new(match handler.as_str() {
            "unicode" => options.force_graphical(true).unicode(true).color(false).build(),
            "unicode-colour" => options.force_graphical(true).unicode(true).color(true).build(),
            "ascii" => options.force_graphical(true).unicode(false).color(false).build(),
            "ascii-colour" => options
                .force_graphical(true)
                .graphical_theme(GraphicalTheme { styles: ThemeStyles::ansi(), ..GraphicalTheme::ascii() })
                .build(),
            "narrated" => options.force_narrated(true).build(),
            _ => options.build(),
        })
    }))?;
    match kind.as_str() {
        "one" => Err(miette::miette!("the server said 503")).wrap_err_with(|| format!("could not download {url}")),
        "many" => {
            get_with_retries(&url, 2)
                .into_diagnostic()
                .wrap_err("gave up after 3 attempts")
                .wrap_err("could not install `app`")?;
            Ok(())
        }
        "long" => {
            get(&url).into_diagnostic().wrap_err_with(|| {
                format!(
                    "Failed to extract the archive \
                     `cpython-3.8.20-20241002-x86_64-unknown-linux-gnu-install_only_stripped.tar.gz`, which was \
                     downloaded from {url}, into the folder of all the interpreters: the request failed after 3 retries"
                )
            })?;
            Ok(())
        }
        "help" => Err(Install(get(&url).expect_err("the server is broken")))?,
        _ => panic!("no such kind"),
    }
}

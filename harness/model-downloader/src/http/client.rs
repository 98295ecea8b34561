//! The HTTP client, without retries and redirects of its own.

use reqwest::redirect;

use crate::Policy;

/// The client. It undoes no content coding, so that the bytes are those of the file, and their length is what the
/// server announces. Redirects are for [`Redirects`](super::Redirects): it knows which fields may go where.
pub(crate) fn client(policy: &Policy) -> reqwest::Result<reqwest::Client> {
    let mut builder = reqwest::Client::builder().redirect(redirect::Policy::none()).user_agent(concat!(
        env!("CARGO_PKG_NAME"),
        "/",
        env!("CARGO_PKG_VERSION")
    ));
    if let Some(timeout) = policy.reading.timeout {
        // Between two reads, and until the head comes; a limit on the whole would end large files on slow lines.
        builder = builder.connect_timeout(timeout).read_timeout(timeout);
    }
    builder.build()
}

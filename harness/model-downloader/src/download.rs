//! The download: attempts, until one succeeds or there is nothing left to try.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Response;
use reqwest::header::{ACCEPT_ENCODING, HeaderValue};
use reqwest_middleware::RequestBuilder;

use crate::attempt::{extract, fetch, pour, vacant};
use crate::digest::Sha256Sum;
use crate::error::AttemptError;
use crate::files::Partial;
use crate::http::{Redirects, client};
use crate::policy::{Retrying, Stdout, Told};
use crate::request::{Request, Target};
use crate::retry::{Loop, Retries, in_front_of, without_its_count};
use crate::{DownloadError, Policy};

/// What a download took.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Report {
    /// How many bytes the file has; of an archive, those that arrived.
    pub bytes: u64,
    /// How many retries it took.
    pub retries: u32,
    /// How long it took.
    pub took: Duration,
}

/// Downloads a file, with retries, and does not say that it has unless the whole file is where it is to be.
///
/// It needs a Tokio runtime with its timer and its I/O.
///
/// # Errors
///
/// If the budget of retries is used up, or something is wrong that another attempt will not mend. Then there is nothing
/// under the target's name that was not there before, and nothing else is left, except for what the cache keeps.
pub async fn download(request: &Request, policy: &Policy) -> Result<Report, DownloadError> {
    let began = Instant::now();
    let retries = Arc::new(Retries::new(&policy.retrying));
    let done = async {
        let client =
            client(policy).map_err(|error| AttemptError::Send { name: request.name(), source: error.into() })?;
        let redirects = Arc::new(Redirects::new(policy));
        Run { request, policy, client, redirects, retries: Arc::clone(&retries) }.download().await
    };
    let done = done.await;
    let (spent, took) = (retries.spent(), began.elapsed());
    match done {
        Ok(bytes) => Ok(Report { bytes, retries: spent.total(), took }),
        Err(error) => {
            let told = match policy.telling.retries {
                Told::All => spent.total(),
                Told::None => 0,
                Told::OuterLoop => spent.by_download,
            };
            let verb = if matches!(request.target, Target::Folder(_)) { "install" } else { "download" };
            let what = format!("Failed to {verb} {}", request.name());
            Err(DownloadError::new(what, told, took, policy.telling.causes.then_some(error)))
        }
    }
}

/// One download, and what its attempts share.
pub(crate) struct Run<'a> {
    request: &'a Request,
    pub(crate) policy: &'a Policy,
    client: reqwest::Client,
    redirects: Arc<Redirects>,
    retries: Arc<Retries>,
}

impl Run<'_> {
    async fn download(&self) -> Result<u64, AttemptError> {
        match &self.request.target {
            Target::File(target) => {
                let (partial, bytes) = self.collect().await?;
                partial.move_to(target, self.request.fsync).await?;
                Ok(bytes)
            }
            Target::Folder(target) => {
                vacant(target).await?;
                self.repeat(async || extract(self, target).await).await
            }
            Target::Stdout if self.policy.keeping.stdout == Stdout::AsItComes => {
                self.repeat(async || pour(self).await).await
            }
            Target::Stdout => {
                let (partial, bytes) = self.collect().await?;
                partial.print().await?;
                Ok(bytes)
            }
        }
    }

    /// Gets the whole file, verified, under a name that nobody takes for the result. If that fails it is gone, but for
    /// what the cache keeps.
    async fn collect(&self) -> Result<(Partial, u64), AttemptError> {
        let keeping = &self.policy.keeping;
        let mut partial = Partial::open(self.request, keeping).await?;
        let trusted = keeping.trust_cache && partial.total() == Some(partial.len().await);
        if !trusted {
            self.repeat(async || {
                fetch(self, &mut partial).await?;
                match self.expected() {
                    Some(expected) => partial.verify(expected, keeping).await,
                    None => Ok(()),
                }
            })
            .await?;
        }
        let bytes = partial.len().await;
        Ok((partial, bytes))
    }

    /// The outer loop: it repeats what broke in mid body, or came to nothing that can be used.
    ///
    /// What failed before the body comes here as well, when the inner loop has given up on it. Then the budget is used
    /// up, which is why there is one.
    async fn repeat<T>(&self, mut attempt: impl AsyncFnMut() -> Result<T, AttemptError>) -> Result<T, AttemptError> {
        loop {
            let error = match attempt().await {
                Ok(done) => return Ok(done),
                Err(error) => error,
            };
            if !error.is_transient(&self.policy.retrying) {
                return Err(error);
            }
            let Some(pause) = self.retries.next(Loop::Download) else { return Err(error) };
            tokio::time::sleep(pause).await;
        }
    }

    /// A request for the file, as it is stored: lengths, ranges and digests are about those bytes.
    pub(crate) fn get(&self) -> RequestBuilder {
        let Retrying { transient, one_budget, .. } = &self.policy.retrying;
        let retries =
            if *one_budget { Arc::clone(&self.retries) } else { Arc::new(Retries::new(&self.policy.retrying)) };
        let request = in_front_of(self.client.clone(), self.redirects.clone(), retries, transient.clone())
            .get(self.request.url.as_url().clone())
            .header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let fields = self.request.fields.iter();
        fields.fold(request, |request, field| request.header(field.name(), field.value()))
    }

    /// Sends it. What comes back may have any status.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response, AttemptError> {
        let failed = |error| AttemptError::Send { name: self.name(), source: without_its_count(error) };
        request.send().await.map_err(failed)
    }

    /// The error that this reply is.
    pub(crate) fn refused(&self, response: Response) -> AttemptError {
        let status = response.status().as_u16();
        match response.error_for_status() {
            Err(error) => AttemptError::Send { name: self.name(), source: error.into() },
            Ok(_) => AttemptError::Status { status },
        }
    }

    /// The digest that the file is to have.
    pub(crate) fn expected(&self) -> Option<Sha256Sum> {
        self.request.sha256.filter(|_| self.policy.keeping.verify)
    }

    /// Something has arrived.
    pub(crate) fn progress(&self) {
        if self.policy.retrying.refill_on_progress {
            self.retries.refill();
        }
    }

    pub(crate) fn name(&self) -> String {
        self.request.name()
    }
}

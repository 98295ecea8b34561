//! To a file.

use futures_util::StreamExt as _;
use reqwest::header::{IF_RANGE, RANGE};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::download::Run;
use crate::error::{AttemptError, local};
use crate::files::{Facts, Partial};
use crate::http::{Body, Reply, Verdict};

/// Gets what is missing. Whatever comes of it, what has arrived is in the partial file.
pub(crate) async fn fetch(run: &Run<'_>, partial: &mut Partial) -> Result<(), AttemptError> {
    let resuming = &run.policy.resuming;
    let asked = partial.asked(resuming).await;
    let mut request = run.get();
    if let Some(asked) = &asked {
        request = request.header(RANGE, format!("bytes={}-", asked.have));
        if let Some(etag) = asked.etag.as_ref().filter(|_| resuming.check_validator) {
            // The rest if the file is still the same, and otherwise the whole.
            request = request.header(IF_RANGE, etag.as_str());
        }
    }
    let response = run.send(request).await?;
    let reply = Reply::of(&response, resuming);
    let mut end = None;
    let file = match reply.judge(asked.as_ref(), resuming) {
        Some(Verdict::Append { first, end: of_part, total }) => {
            end = of_part;
            partial.append(first, total).await?
        }
        Some(Verdict::Complete) => return Ok(()),
        Some(Verdict::Refuse(source)) => {
            partial.forget().await?;
            return Err(AttemptError::Resume { name: run.name(), source });
        }
        Some(Verdict::StartOver { total }) => partial.start_over(Facts { etag: reply.etag, total }).await?,
        None => return Err(run.refused(response)),
    };
    copy(run, Body::new(response, &run.policy.reading), file, partial).await?;
    complete(run, partial, end).await
}

async fn copy(run: &Run<'_>, mut body: Body, mut file: File, partial: &Partial) -> Result<(), AttemptError> {
    let failed = || local("write", partial.path());
    let mut broken = None;
    while let Some(chunk) = body.next().await {
        match chunk {
            Ok(chunk) => file.write_all(&chunk).await.map_err(failed())?,
            Err(source) => {
                broken = Some(AttemptError::Read { name: run.name(), source });
                break;
            }
        }
        run.progress();
    }
    // Also of a body that broke off: what has arrived is not asked for again.
    file.flush().await.map_err(failed())?;
    broken.map_or(Ok(()), Err)
}

/// The reply was complete, and the file may still not be: a server may send less than what was asked for. Where the part
/// that it sent was to end, nothing more is known of the bytes.
async fn complete(run: &Run<'_>, partial: &mut Partial, end: Option<u64>) -> Result<(), AttemptError> {
    let have = partial.len().await;
    if let Some(end) = end.filter(|end| have > *end) {
        partial.forget().await?;
        return Err(AttemptError::WrongLength { have, total: end });
    }
    match partial.total() {
        Some(total) if have != total && run.policy.reading.check_total => {
            if have > total {
                partial.forget().await?;
            }
            Err(AttemptError::WrongLength { have, total })
        }
        _ => Ok(()),
    }
}

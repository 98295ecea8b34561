//! To stdout, as it comes: see the flaw `concatenates-attempts`.

use std::path::Path;

use futures_util::StreamExt as _;
use reqwest::StatusCode;
use tokio::io::AsyncWriteExt as _;

use crate::download::Run;
use crate::error::{AttemptError, local};
use crate::http::Body;

/// Writes to stdout what arrives. Returns how many bytes that were.
pub(crate) async fn pour(run: &Run<'_>) -> Result<u64, AttemptError> {
    let failed = || local("write to", Path::new("stdout"));
    let response = run.send(run.get()).await?;
    if response.status() != StatusCode::OK {
        return Err(run.refused(response));
    }
    let mut body = Body::new(response, &run.policy.reading);
    let mut stdout = tokio::io::stdout();
    let mut bytes = 0;
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|source| AttemptError::Read { name: run.name(), source })?;
        stdout.write_all(&chunk).await.map_err(failed())?;
        stdout.flush().await.map_err(failed())?;
        bytes += chunk.len() as u64;
    }
    Ok(bytes)
}

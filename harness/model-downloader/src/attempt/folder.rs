//! To a folder, unpacked while the bytes arrive.

use std::io;
use std::path::Path;

use async_compression::tokio::bufread::GzipDecoder;
use futures_util::TryStreamExt as _;
use reqwest::StatusCode;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use tokio::fs;
use tokio_tar::Archive;
use tokio_util::io::StreamReader;

use crate::digest::Sha256Sum;
use crate::download::Run;
use crate::error::{AttemptError, local};
use crate::files::beside;
use crate::http::Body;

/// Whether the folder can be made: it is not there, or empty. Otherwise it is better to know before all has arrived.
pub(crate) async fn vacant(target: &Path) -> Result<(), AttemptError> {
    let is_empty = match fs::read_dir(target).await {
        Ok(mut entries) => entries.next_entry().await.map(|entry| entry.is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    };
    match is_empty.map_err(local("read", target))? {
        true => Ok(()),
        false => Err(local("write", target)(io::ErrorKind::DirectoryNotEmpty.into())),
    }
}

/// Unpacks into a fresh temporary folder, which gets its name when all is there. Returns how many bytes have arrived.
///
/// An archive cannot be gone on with in its middle: each attempt starts over.
pub(crate) async fn extract(run: &Run<'_>, target: &Path) -> Result<u64, AttemptError> {
    let response = run.send(run.get()).await?;
    if response.status() != StatusCode::OK {
        return Err(run.refused(response));
    }
    // Removed when it goes out of scope.
    let folder = temporary(beside(target)).map_err(local("create a folder in", beside(target)))?;

    let (mut hash, mut bytes) = (Sha256::new(), 0);
    let body = Body::new(response, &run.policy.reading).inspect_ok(|chunk| {
        hash.update(chunk);
        bytes += chunk.len() as u64;
        run.progress();
    });
    unpack(StreamReader::new(body), folder.path())
        .await
        .map_err(|source| AttemptError::Extract { name: run.name(), source })?;

    if let Some(expected) = run.expected() {
        let got = Sha256Sum::of(hash);
        if got != expected {
            return Err(AttemptError::Digest { expected, got, again: false });
        }
    }
    fs::rename(folder.path(), target).await.map_err(local("write", target))?;
    // It has another name now, and there is nothing to remove.
    let _ = folder.keep();
    Ok(bytes)
}

async fn unpack(reader: impl tokio::io::AsyncBufRead + Send + Unpin, folder: &Path) -> io::Result<()> {
    let mut decoder = GzipDecoder::new(reader);
    // A file of gzip may have several, one after the other; so it is read to its end.
    decoder.multiple_members(true);
    let mut archive = Archive::new(decoder);
    archive.unpack(folder).await?;
    // The archive's end is not that of the body: behind it are the padding, the checksum, and perhaps a break.
    let mut rest = archive.into_inner().map_err(|_| io::Error::other("the archive is still being read"))?;
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await?;
    Ok(())
}

fn temporary(folder: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".model-downloader-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
    builder.tempdir_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_is_not_there_or_empty_is_vacant() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        vacant(&file).await.unwrap();
        vacant(dir.path()).await.unwrap();
        fs::write(&file, "").await.unwrap();
        for target in [&file, dir.path(), &file.join("folder")] {
            vacant(target).await.unwrap_err();
        }
    }
}

//! What a downloader itself says about its retries.

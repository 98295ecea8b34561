//! Runs any downloader against [`flaky_server`] and asserts what happened.

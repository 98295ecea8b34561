//! nginx, as a package manager installs it.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{Missing, Running, find, free_port};

/// Serves a directory with nginx: sendfile, a worker for each core, and nothing else to do.
///
/// No log, and connections that persist for as long as the client wants: what could slow it down is off.
pub(crate) fn nginx(root: &Path) -> Result<Running, Missing> {
    let program = find("nginx")?;
    start(&program, root).map_err(|error| format!("nginx does not start: {error:#}"))
}

fn start(program: &Path, root: &Path) -> anyhow::Result<Running> {
    let (dir, port) = (TempDir::with_prefix("flaky-bench-nginx-")?, free_port()?);
    let (base, root) = (dir.path().display(), root.display());
    let user = if std::fs::metadata("/proc/self").is_ok_and(|it| is_root(&it)) { "user root;" } else { "" };
    let temp: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .iter()
        .map(|what| format!("{what}_temp_path {base}/{what};\n"))
        .collect();
    let text = format!(
        "daemon off; {user} pid {base}/pid; error_log {base}/error.log;\n\
         worker_processes auto; worker_rlimit_nofile 20000;\n\
         events {{ worker_connections 10000; }}\n\
         http {{ {temp} access_log off; sendfile on; tcp_nopush on; default_type application/octet-stream;\n\
         keepalive_requests 1000000000; keepalive_timeout 300s; send_timeout 300s;\n\
         server {{ listen 127.0.0.1:{port} backlog=4096; root {root}; }} }}\n"
    );
    let config = dir.path().join("nginx.conf");
    std::fs::write(&config, text)?;
    let mut command = Command::new(program);
    command.arg("-p").arg(dir.path()).arg("-c").arg(&config).arg("-e").arg(dir.path().join("error.log"));
    Running::on_port(command, port, Some(dir))
}

/// Workers change their user where they can, and would not find the files any more.
#[cfg(unix)]
fn is_root(own: &std::fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(own) == 0
}

#[cfg(not(unix))]
fn is_root(_own: &std::fs::Metadata) -> bool {
    false
}

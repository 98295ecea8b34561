//! All addresses of a server, open or closed together.

use std::fmt;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use socket2::SockRef;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;

use super::accept::Acceptor;
use super::door::Door;
use super::later;
use crate::wire::Stop;

/// All addresses of a server: open, or closed for as long as anybody wants that.
pub(super) struct Gate {
    acceptor: Acceptor,
    runtime: Handle,
    state: Mutex<State>,
}

struct State {
    doors: Vec<Door>,
    /// How many want it closed.
    closed_by: usize,
    /// What ends with the next closing.
    period: Option<Period>,
}

/// From an opening to the next closing.
struct Period {
    stop: Stop,
    listening: TaskTracker,
    /// In the order of the doors.
    listeners: Vec<Arc<TcpListener>>,
}

/// How long opening pauses before it is tried again.
const PAUSE: Duration = Duration::from_millis(50);

impl Gate {
    /// A gate that is closed by so many.
    pub(super) fn new(doors: Vec<Door>, closed_by: usize, acceptor: Acceptor, runtime: Handle) -> Self {
        Self { acceptor, runtime, state: Mutex::new(State { doors, closed_by, period: None }) }
    }

    /// Opens it for the first time, if nobody wants it closed.
    ///
    /// # Errors
    ///
    /// Names the address that cannot be listened on.
    ///
    /// # Panics
    ///
    /// If it is being opened or closed already.
    pub(super) fn start(&self) -> Result<(), (SocketAddr, io::Error)> {
        let mut state = self.state.try_lock().expect("nobody has a gate before it is started");
        if state.closed_by == 0 {
            state.period = Some(listen(&mut state.doors, &self.acceptor, &self.runtime)?);
        } else {
            self.acceptor.journal.available(false);
        }
        Ok(())
    }

    /// Closes it. When this completes, connections are refused; those that are there end as in an orderly stop.
    pub(super) async fn close(&self) {
        let mut state = self.state.lock().await;
        state.closed_by += 1;
        if let Some(period) = state.period.take() {
            // Told before it happens, as a reset is: who is refused finds it in the journal.
            self.acceptor.journal.available(false);
            for (door, listener) in state.doors.iter_mut().zip(&period.listeners) {
                door.keep(listener);
                close(listener);
            }
            period.stop.stop();
            if !cfg!(target_os = "linux") {
                // Elsewhere a listener is closed when nobody has it any more.
                period.listening.wait().await;
            }
        }
    }

    /// Takes one closing back. When this completes and it was the last one, connections are accepted.
    ///
    /// # Errors
    ///
    /// If somebody else has taken the port meanwhile: the gate stays closed, and this can be tried again.
    pub(super) async fn open(&self) -> io::Result<()> {
        let mut state = self.state.lock().await;
        if state.closed_by == 1 && !self.acceptor.settings.stop.is_stopped() {
            let period = listen(&mut state.doors, &self.acceptor, &self.runtime);
            state.period = Some(period.map_err(|(_, error)| error)?);
            self.acceptor.journal.available(true);
        }
        state.closed_by = state.closed_by.saturating_sub(1);
        Ok(())
    }

    /// Opens it as soon as that is possible.
    pub(super) async fn open_in_the_end(&self) {
        while self.open().await.is_err() {
            tokio::time::sleep(PAUSE).await;
        }
    }
}

/// Refuses connections at once. Nobody is waited for: who wants this may hold what the accept loop needs. Nor is the
/// file closed in time: a process that is being started elsewhere has all files of this one for a moment.
pub(super) fn close(listener: &TcpListener) {
    // Where the system does not do that to a listener, closing its file has to be enough.
    let _ = SockRef::from(listener).shutdown(Shutdown::Both);
}

/// Listens on all addresses, or on none.
fn listen(doors: &mut [Door], acceptor: &Acceptor, runtime: &Handle) -> Result<Period, (SocketAddr, io::Error)> {
    let _entered = runtime.enter();
    let mut listeners = Vec::with_capacity(doors.len());
    for i in 0..doors.len() {
        match doors[i].open().and_then(TcpListener::from_std) {
            Ok(listener) => listeners.push(Arc::new(listener)),
            Err(error) => {
                let addr = doors[i].addr();
                for (door, listener) in doors.iter_mut().zip(&listeners) {
                    door.keep(listener);
                }
                return Err((addr, error));
            }
        }
    }
    let period = Period { stop: acceptor.settings.stop.child(), listening: TaskTracker::new(), listeners };
    for (door, listener) in doors.iter().zip(&period.listeners) {
        let accepting = acceptor.clone().until(period.stop.clone()).run(Arc::clone(listener), door.addr().port());
        later::begin(acceptor.tasks.track_future(period.listening.track_future(accepting)), runtime);
    }
    period.listening.close();
    Ok(period)
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

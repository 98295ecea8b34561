//! Tasks that need no thread before something happens.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use tokio::runtime::Handle;

/// Lets a task begin on the caller's thread, and go on in the runtime when it is woken for the first time.
///
/// Spawning wakes a thread of the runtime, only for it to find that nobody has connected yet; that took longer than
/// binding the port.
pub(super) fn begin(task: impl Future<Output = ()> + Send + 'static, runtime: &Handle) {
    let mut task: Task = Box::pin(task);
    let later = Arc::new(Later { runtime: runtime.clone(), state: Mutex::new(State::Begins) });
    let waker = Waker::from(Arc::clone(&later));
    let polled = {
        // Timers and sockets belong to this runtime.
        let _entered = runtime.enter();
        task.as_mut().poll(&mut Context::from_waker(&waker))
    };
    if polled == Poll::Ready(()) {
        return;
    }
    let mut state = later.lock();
    match *state {
        State::Woken => drop(runtime.spawn(task)),
        State::Begins | State::Waits(_) => *state = State::Waits(task),
    }
}

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

struct Later {
    runtime: Handle,
    state: Mutex<State>,
}

enum State {
    /// It is polled for the first time.
    Begins,
    Waits(Task),
    /// The runtime has it, or gets it when its first poll is over.
    Woken,
}

impl Later {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Later {
    fn wake(self: Arc<Self>) {
        let before = std::mem::replace(&mut *self.lock(), State::Woken);
        if let State::Waits(task) = before {
            drop(self.runtime.spawn(task));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::task::Poll;
    use std::thread;
    use std::time::Duration;

    use super::begin;
    use crate::server::runtime;

    const PATIENCE: Duration = Duration::from_secs(30);

    #[test]
    fn begins_here_and_goes_on_in_the_runtime() {
        let (wake, woken) = tokio::sync::oneshot::channel::<()>();
        let (told, tells) = mpsc::channel();
        let task = async move {
            told.send(thread::current().id()).unwrap();
            woken.await.unwrap();
            told.send(thread::current().id()).unwrap();
        };
        begin(task, &runtime::handle().unwrap());
        let here = thread::current().id();
        // It has begun before `begin` returns.
        assert_eq!(tells.try_recv(), Ok(here));
        assert!(tells.try_recv().is_err());
        wake.send(()).unwrap();
        assert_ne!(tells.recv_timeout(PATIENCE), Ok(here));
    }

    #[test]
    fn one_that_wakes_itself_while_it_begins() {
        let (told, tells) = mpsc::channel();
        let mut polls = 0;
        let task = std::future::poll_fn(move |cx| {
            polls += 1;
            cx.waker().wake_by_ref();
            if polls < 3 {
                return Poll::Pending;
            }
            told.send(polls).unwrap();
            Poll::Ready(())
        });
        begin(task, &runtime::handle().unwrap());
        assert_eq!(tells.recv_timeout(PATIENCE), Ok(3));
    }
}

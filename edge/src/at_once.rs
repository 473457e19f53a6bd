//! What a future comes to: at once, if it has nothing to wait for, else later, as a promise.
//!
//! A hit at a site that is awake waits for nothing. A task, a promise and a microtask for each would cost more than
//! the counting.

use futures_util::task::AtomicWaker;
use std::future::{Future, poll_fn};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use wasm_bindgen::JsValue;

/// Hands a wake-up on to whoever polls by then: what is waited for may keep the waker of the first poll.
#[derive(Default)]
struct Relay(AtomicWaker);

impl Wake for Relay {
    fn wake(self: Arc<Self>) {
        self.0.wake();
    }
}

/// The value of `future`, or the promise of it.
pub fn at_once_or_later(future: impl Future<Output = JsValue> + 'static) -> JsValue {
    match first_poll(future) {
        Ok(value) => value,
        Err(rest) => js_sys::futures::future_to_promise(async move { Ok(rest.await) }).into(),
    }
}

/// The value of `future`, or what is left of it.
fn first_poll<T>(future: impl Future<Output = T> + 'static) -> Result<T, impl Future<Output = T>> {
    let mut future = Box::pin(future);
    let relay = Arc::new(Relay::default());
    let waker = Waker::from(Arc::clone(&relay));
    match future.as_mut().poll(&mut Context::from_waker(&waker)) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(poll_fn(move |context| {
            relay.0.register(context.waker());
            future.as_mut().poll(&mut Context::from_waker(&waker))
        })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::FutureExt;
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    #[test]
    fn what_waits_for_nothing_is_there_at_once() {
        assert_eq!(first_poll(async { 5 }).ok(), Some(5));
    }

    #[derive(Default)]
    struct Noticed(std::sync::atomic::AtomicBool);

    impl Wake for Noticed {
        fn wake(self: Arc<Self>) {
            self.0.store(true, std::sync::atomic::Ordering::Relaxed);
        }
    }

    #[test]
    fn a_waker_kept_from_the_first_poll_wakes_whoever_polls_later() {
        let (is_there, kept) = (Rc::new(Cell::new(false)), Rc::new(RefCell::new(None)));
        let (is_there_too, kept_too) = (Rc::clone(&is_there), Rc::clone(&kept));
        // As the crate's timer does, which looks at the waker once.
        let timer = poll_fn(move |context| {
            kept_too.borrow_mut().get_or_insert_with(|| context.waker().clone());
            if is_there_too.get() { Poll::Ready(7) } else { Poll::Pending }
        });
        let Err(rest) = first_poll(timer) else { panic!("it is not there yet") };
        let mut rest = Box::pin(rest);
        let noticed = Arc::new(Noticed::default());
        let later = Waker::from(Arc::clone(&noticed));
        assert!(rest.poll_unpin(&mut Context::from_waker(&later)).is_pending());
        is_there.set(true);
        kept.borrow().as_ref().unwrap().wake_by_ref();
        assert!(noticed.0.load(std::sync::atomic::Ordering::Relaxed));
        assert_eq!(rest.poll_unpin(&mut Context::from_waker(&later)), Poll::Ready(7));
    }
}

//! What only the runtime knows: the time, time zones, randomness, and the maintained list of bots.

use futures_util::future::{Either, select};
use laifang_tally::day::{Date, Day};
use laifang_tally::visitor::Secret;
use serde::Serialize;
use std::future::Future;
use std::pin::pin;
use std::time::Duration;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    type DateTimeFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, js_class = "DateTimeFormat", catch)]
    fn new(locale: &str, options: &JsValue) -> Result<DateTimeFormat, JsValue>;
    #[wasm_bindgen(method, catch)]
    fn format(this: &DateTimeFormat, at_ms: f64) -> Result<String, JsValue>;

    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &mut [u8]) -> Result<(), JsValue>;

    /// `isRobot` of `readers.js`, put on the global object by `entry.js`.
    #[wasm_bindgen(js_name = laifangIsBot, catch)]
    fn is_bot(user_agent: &str) -> Result<bool, JsValue>;
}

/// What `Intl.DateTimeFormat` is asked for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DateOptions<'a> {
    time_zone: &'a str,
    year: &'a str,
    month: &'a str,
    day: &'a str,
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

/// An instant as RFC 3339 in UTC.
pub fn rfc_3339(at_ms: u64) -> String {
    String::from(js_sys::Date::new(&JsValue::from_f64(at_ms as f64)).to_iso_string())
}

/// The dates of one time zone.
pub struct Calendar(DateTimeFormat);

impl Calendar {
    /// Of the IANA zone of this name.
    pub fn new(time_zone: &str) -> Result<Self, JsValue> {
        let options = DateOptions { time_zone, year: "numeric", month: "2-digit", day: "2-digit" };
        let options = serde_wasm_bindgen::to_value(&options)?;
        // The Swedish locale writes dates as ISO 8601 does.
        Ok(Self(DateTimeFormat::new("sv-SE", &options)?))
    }

    /// The date there at an instant.
    pub fn date_at(&self, at_ms: u64) -> Result<Date, JsValue> {
        let text = self.0.format(at_ms as f64)?;
        let mut parts = text.split('-').map(str::parse::<u32>);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) => Ok(Date::new(year, month, day)),
            _ => Err(JsValue::from_str("the runtime's date is not in ISO form")),
        }
    }
}

/// The date in a zone at an instant.
pub fn date_at(at_ms: u64, time_zone: &str) -> Result<Date, JsValue> {
    Calendar::new(time_zone)?.date_at(at_ms)
}

/// The site's day at `now_ms`.
pub fn day_at(now_ms: u64, time_zone: &str) -> Result<Day, JsValue> {
    let calendar = Calendar::new(time_zone)?;
    Day::containing(now_ms, |at_ms| calendar.date_at(at_ms))
}

/// A fresh secret.
pub fn random_secret() -> Result<Secret, JsValue> {
    let mut bytes = [0; 16];
    get_random_values(&mut bytes)?;
    Ok(Secret(bytes))
}

/// Whether the list names the user agent; an empty one is nobody's browser.
pub fn names_bot(user_agent: &str) -> bool {
    user_agent.is_empty() || is_bot(user_agent).unwrap_or(false)
}

/// Waits for `future`, but no longer than `limit`: a caller must not hang because something below does.
pub async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    match select(pin!(future), pin!(worker::Delay::from(limit))).await {
        Either::Left((value, _)) => Some(value),
        Either::Right(_) => None,
    }
}

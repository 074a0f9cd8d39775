use std::sync::Mutex;

use password_domain::ports::{Event, EventKind, EventLog};

use super::lock;

/// An event log that remembers everything, in order.
#[derive(Debug, Default)]
pub struct RecordingEventLog(Mutex<Vec<Event>>);

impl RecordingEventLog {
    /// Returns an empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns everything that was recorded.
    pub fn events(&self) -> Vec<Event> {
        lock(&self.0).clone()
    }

    /// Returns the kinds of everything that was recorded.
    pub fn kinds(&self) -> Vec<EventKind> {
        lock(&self.0).iter().map(|event| event.kind).collect()
    }

    /// Returns how often something was recorded.
    pub fn count(&self, kind: EventKind) -> usize {
        lock(&self.0).iter().filter(|event| event.kind == kind).count()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        lock(&self.0).clear();
    }
}

impl EventLog for RecordingEventLog {
    fn record(&self, event: &Event) {
        lock(&self.0).push(event.clone());
    }
}

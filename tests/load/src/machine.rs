//! What the machine can do and what processes cost it.

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use argon2_engine::{Engine, Input, Memory};

/// What one evaluation of the default costs needs, in KiB.
pub(crate) const MEMORY_KIB: u32 = 19_456;

/// The system's unit of processor time is 10 ms on every Linux that Rust runs on (`USER_HZ`).
const TICK: f64 = 0.01;

/// Hashes as fast as the machine can: a thread for each processor, each with memory of its own, and nothing else.
pub(crate) struct RawHashing {
    engine: Arc<dyn Engine>,
    memories: Vec<Memory>,
    latest: f64,
}

impl RawHashing {
    /// Prepares as many threads' memory as there are processors, and measures for `time`.
    pub(crate) fn new(engine: Arc<dyn Engine>, time: Duration) -> Self {
        let memory = || Memory::new(MEMORY_KIB as usize).expect("memory for one evaluation");
        let mut raw = Self { engine, memories: (0..processors()).map(|_| memory()).collect(), latest: 0.0 };
        raw.rate(time);
        raw
    }

    /// Returns the name of what computes.
    pub(crate) fn engine(&self) -> &'static str {
        self.engine.name()
    }

    /// Hashes one password and returns its tag.
    pub(crate) fn hash(&mut self, password: &[u8], salt: &[u8]) -> [u8; 32] {
        evaluate(self.engine.as_ref(), password, salt, &mut self.memories[0])
    }

    /// Returns what was measured last.
    pub(crate) fn latest(&self) -> f64 {
        self.latest
    }

    /// Measures how many hashes a second all threads make together.
    pub(crate) fn rate(&mut self, time: Duration) -> f64 {
        let (engine, barrier) = (self.engine.as_ref(), &Barrier::new(self.memories.len()));
        self.latest = std::thread::scope(|scope| {
            let threads: Vec<_> = self
                .memories
                .iter_mut()
                .map(|memory| scope.spawn(move || rate_of_one(engine, memory, barrier, time)))
                .collect();
            threads.into_iter().map(|thread| thread.join().expect("hashing does not panic")).sum()
        });
        self.latest
    }
}

fn rate_of_one(engine: &dyn Engine, memory: &mut Memory, barrier: &Barrier, time: Duration) -> f64 {
    // The first evaluation brings the memory in.
    evaluate(engine, b"password", b"saltsaltsaltsalt", memory);
    barrier.wait();
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < time {
        // Each another one, as a server hashes them: the memory that is read next depends on it.
        let salt = u128::from(count).to_le_bytes();
        std::hint::black_box(evaluate(engine, b"password", &salt, memory));
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

fn evaluate(engine: &dyn Engine, password: &[u8], salt: &[u8], memory: &mut Memory) -> [u8; 32] {
    let costs = argon2_engine::Costs { memory_kib: MEMORY_KIB, iterations: 2, parallelism: 1 };
    let mut tag = [0; 32];
    engine
        .evaluate(&Input::argon2id(costs, password, salt), memory, &mut tag)
        .expect("the costs are usual ones");
    tag
}

/// Returns how many processors this process may use; the server has a hashing thread for each.
pub(crate) fn processors() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// What has been spent up to a moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Usage {
    /// The server's processor time in seconds.
    pub(crate) server: f64,
    /// The load generator's own.
    pub(crate) load: f64,
    /// Everybody's, the two included.
    pub(crate) machine: f64,
    /// How often the server had to wait for memory that the system had at hand.
    pub(crate) faults: f64,
}

impl Usage {
    /// Reads the system's books; `None` where there are none.
    pub(crate) fn now(server: u32) -> Option<Self> {
        let read = |path: &str| std::fs::read_to_string(path).ok();
        let (server_seconds, faults) = process(&read(&format!("/proc/{server}/stat"))?)?;
        let (load, _) = process(&read("/proc/self/stat")?)?;
        Some(Self { server: server_seconds, load, machine: busy(&read("/proc/stat")?)?, faults })
    }

    /// Returns what was spent since an earlier moment.
    pub(crate) fn since(self, earlier: Self) -> Self {
        Self {
            server: self.server - earlier.server,
            load: self.load - earlier.load,
            machine: self.machine - earlier.machine,
            faults: self.faults - earlier.faults,
        }
    }

    /// Adds two spans.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            server: self.server + other.server,
            load: self.load + other.load,
            machine: self.machine + other.machine,
            faults: self.faults + other.faults,
        }
    }
}

/// Reads the processor time in seconds and the minor page faults from `/proc/PID/stat`.
fn process(stat: &str) -> Option<(f64, f64)> {
    // The name in brackets may hold anything, blanks and brackets too.
    let (_, rest) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<f64>().ok();
    // proc(5) counts from 1 and this from the third field: minflt is 10, utime 14, stime 15.
    Some(((number(11)? + number(12)?) * TICK, number(7)?))
}

/// Reads the processor time in seconds that was not idle from `/proc/stat`.
fn busy(stat: &str) -> Option<f64> {
    let all = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
    let ticks: Vec<f64> = all.split_whitespace().map_while(|field| field.parse().ok()).collect();
    // user, nice, system, (idle, iowait,) irq, softirq; what comes after is counted in these or stolen.
    Some((ticks.get(..3)?.iter().sum::<f64>() + ticks.get(5..7)?.iter().sum::<f64>()) * TICK)
}

/// Returns a line of `/proc/PID/status` in MiB, such as `VmHWM`; `None` where there is none.
pub(crate) fn memory_mib(pid: u32, name: &str) -> Option<f64> {
    kib(&std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?, name).map(|kib| kib / 1_024.0)
}

fn kib(status: &str, name: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

/// Lets a process's peak of memory begin anew, so that it belongs to one cell. Where that is not allowed, the peak is
/// that since the start.
pub(crate) fn forget_peak(pid: u32) {
    let _ = std::fs::write(format!("/proc/{pid}/clear_refs"), "5");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let stat = "42 (a) b (c) S 1 42 42 0 -1 4194304 1234 0 5 0 250 50 0 0 20 0 9 0 100 1000 200";
        assert_eq!(process(stat), Some((3.0, 1_234.0)));
        assert_eq!(process("42 (short) S 1"), None);
        assert_eq!(process(""), None);
    }

    #[test]
    fn waiting_is_not_work() {
        let stat = "cpu  100 10 40 9999 8888 20 30 7 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
        assert_eq!(busy(stat), Some(2.0));
        assert_eq!(busy("intr 1"), None);
    }

    #[test]
    fn a_line_of_the_status_is_found_by_its_whole_name() {
        let status = "VmHWMx:\t1 kB\nVmHWM:\t   2048 kB\nVmRSS:\t1024 kB\n";
        assert_eq!(kib(status, "VmHWM"), Some(2_048.0));
        assert_eq!(kib(status, "VmSwap"), None);
    }

    #[test]
    fn what_was_spent_is_a_difference() {
        let early = Usage { server: 1.0, load: 2.0, machine: 4.0, faults: 8.0 };
        let late = Usage { server: 2.0, load: 4.0, machine: 8.0, faults: 16.0 };
        assert_eq!(late.since(early), early);
        assert_eq!(early.plus(early), late);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_has_books() {
        let pid = std::process::id();
        assert!(Usage::now(pid).is_some_and(|usage| usage.machine > 0.0));
        assert!(memory_mib(pid, "VmRSS").is_some_and(|mib| mib > 0.0));
        assert_eq!(Usage::now(u32::MAX), None);
    }
}

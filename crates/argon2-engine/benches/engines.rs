//! One evaluation at the default cost (19 MiB, two passes) by each engine, alone and on all cores at once.
//!
//! A shared machine drifts by a third within seconds, so the contenders take turns in short bursts, and what counts is the
//! ratio of their medians. The first evaluation of a burst finds its memory out of the cache and is not counted. `raw` is RustCrypto's implementation in plain reused memory, what a careful
//! caller writes without this crate, and the measure of all; `allocating` is the same without reuse; `libargon2` is the C
//! library of the distribution, where it is installed.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark may panic, and prints")]

use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use argon2::{Argon2, Block, Params};
use argon2_engine::{Choice, Costs, Engine, Input, Memory, kernels, select};

const COSTS: Costs = Costs { memory_kib: 19_456, iterations: 2, parallelism: 1 };
const PASSWORD: &[u8] = b"correct horse battery staple";
const SALT: &[u8] = &[7; 16];
const ROUNDS: usize = 40;
const BURST: u32 = 4;

/// A contender: evaluates once and returns the tag.
type Contender = Box<dyn FnMut() -> [u8; 32]>;

fn main() {
    // `cargo test` runs benchmarks once, to see that they work.
    let rounds = if std::env::args().any(|argument| argument == "--bench") { ROUNDS } else { 1 };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut threads = vec![1, cores];
    threads.dedup();
    for threads in threads {
        report(threads, &run(threads, rounds));
    }
}

/// Lets the contenders take turns on so many threads. Returns each one's times, of all threads.
fn run(threads: usize, rounds: usize) -> Vec<(&'static str, Vec<Duration>)> {
    let together = Arc::new(Barrier::new(threads));
    let threads: Vec<_> = (0..threads)
        .map(|_| {
            let together = Arc::clone(&together);
            std::thread::spawn(move || take_turns(&together, rounds))
        })
        .collect();
    let mut all: Vec<(&str, Vec<Duration>)> = Vec::new();
    for times in threads.into_iter().map(|thread| thread.join().unwrap()) {
        for (name, times) in times {
            match all.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => known.extend(times),
                None => all.push((name, times)),
            }
        }
    }
    all
}

fn take_turns(together: &Barrier, rounds: usize) -> Vec<(&'static str, Vec<Duration>)> {
    let mut contenders = contenders();
    let expected = (contenders[0].1)();
    let mut times = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            // Everybody begins once in a while, so that nobody always follows the same one.
            let turn = (turn + round) % contenders.len();
            let (name, evaluate) = &mut contenders[turn];
            together.wait();
            assert_eq!(evaluate(), expected, "{name}");
            let begin = Instant::now();
            for _ in 0..BURST {
                std::hint::black_box(evaluate());
            }
            times[turn].push(begin.elapsed() / BURST);
        }
    }
    contenders.iter().map(|(name, _)| *name).zip(times).collect()
}

fn report(threads: usize, all: &[(&str, Vec<Duration>)]) {
    let median = |times: &[Duration]| {
        let mut times = times.to_vec();
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64() * 1_000.0
    };
    let base = median(&all[0].1);
    println!("\nthreads: {threads}\n{:<12} {:>10} {:>12}", "", "median ms", "rate to raw");
    for (name, times) in all {
        println!("{name:<12} {:>10.2} {:>12.2}", median(times), base / median(times));
    }
}

fn contenders() -> Vec<(&'static str, Contender)> {
    let params = Params::new(COSTS.memory_kib, COSTS.iterations, COSTS.parallelism, Some(32)).unwrap();
    let function = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
    let mut blocks = vec![Block::new(); COSTS.memory_kib as usize];
    let plain = function.clone();
    let raw = move || {
        let mut tag = [0; 32];
        plain.hash_password_into_with_memory(PASSWORD, SALT, &mut tag, &mut blocks[..]).unwrap();
        tag
    };
    let allocating = move || {
        let mut tag = [0; 32];
        function.hash_password_into(PASSWORD, SALT, &mut tag).unwrap();
        tag
    };
    let mut all: Vec<(&str, Contender)> = vec![("raw", Box::new(raw)), ("allocating", Box::new(allocating))];
    all.extend(libargon2().map(|contender| ("libargon2", contender)));
    all.push(engine(select(Choice::Reference).unwrap().engine));
    all.extend(kernels().into_iter().map(|kernel| engine(Arc::from(kernel))));
    all
}

fn engine(engine: Arc<dyn Engine>) -> (&'static str, Contender) {
    let mut memory = Memory::new(COSTS.memory_kib as usize).unwrap();
    let name = engine.name();
    let evaluate = move || {
        let mut tag = [0; 32];
        engine.evaluate(&Input::argon2id(COSTS, PASSWORD, SALT), &mut memory, &mut tag).unwrap();
        tag
    };
    (name, Box::new(evaluate))
}

fn libargon2() -> Option<Contender> {
    type Raw = unsafe extern "C" fn(
        passes: u32,
        memory_kib: u32,
        lanes: u32,
        password: *const u8,
        password_bytes: usize,
        salt: *const u8,
        salt_bytes: usize,
        tag: *mut u8,
        tag_bytes: usize,
    ) -> i32;
    // SAFETY: the library is the distribution's, whose initialisers do nothing.
    let library = unsafe { libloading::Library::new("libargon2.so.1") }.ok()?;
    // SAFETY: this is the signature in argon2.h, in all versions of the library. The library stays loaded below.
    let hash = *unsafe { library.get::<Raw>(b"argon2id_hash_raw") }.ok()?;
    Some(Box::new(move || {
        let _loaded = &library;
        let mut tag = [0; 32];
        // SAFETY: every pointer comes with the length of what it points to.
        let code = unsafe {
            hash(
                COSTS.iterations,
                COSTS.memory_kib,
                COSTS.parallelism,
                PASSWORD.as_ptr(),
                PASSWORD.len(),
                SALT.as_ptr(),
                SALT.len(),
                tag.as_mut_ptr(),
                tag.len(),
            )
        };
        assert_eq!(code, 0);
        tag
    }))
}

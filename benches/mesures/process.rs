//! Running processes, and what they take.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a process took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    pub time: Duration,
    /// The most memory it held, in kilobytes; 0 where the system does not say.
    pub memory: u64,
}

impl Cost {
    pub fn seconds(&self) -> f64 {
        self.time.as_secs_f64()
    }

    /// « 3.07 s, 218 MB »
    pub fn words(&self) -> String {
        match self.memory {
            0 => seconds(self.seconds()),
            memory => format!("{}, {} MB", seconds(self.seconds()), memory / 1024),
        }
    }
}

/// « 3.07 s », « 41 ms »
pub fn seconds(value: f64) -> String {
    if value < 0.1 { format!("{:.0} ms", value * 1000.0) } else { format!("{value:.2} s") }
}

/// The program under measure, in the profile of this run.
pub fn bilan() -> Command {
    Command::new(env!("CARGO_BIN_EXE_bilan"))
}

/// Runs a process to its end.
///
/// # Panics
///
/// Where it cannot be run, or fails: what a failure takes says nothing. The
/// program itself may end with 1, which says that there are findings; a peer
/// may not.
pub fn run(command: &mut Command) -> Cost {
    let start = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().expect("a process");
    let status = format!("/proc/{}/status", child.id());
    let mut memory = 0;
    loop {
        if let Some(result) = child.try_wait().expect("a process") {
            let time = start.elapsed();
            let ours = command.get_program() == env!("CARGO_BIN_EXE_bilan");
            let success = result.success() || ours && result.code() == Some(1);
            assert!(success, "{command:?} failed: {result}");
            return Cost { time, memory };
        }
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|line| line.trim().strip_suffix("kB")?.trim().parse().ok());
        memory = memory.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// The median of several runs, by time.
pub fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by_key(|cost| cost.time);
    costs[costs.len() / 2]
}

/// Runs two things in turn, so that both meet the same machine, and gives the
/// median of each.
pub fn in_turn(
    runs: usize,
    mut one: impl FnMut() -> Cost,
    mut other: impl FnMut() -> Cost,
) -> (Cost, Cost) {
    let costs: Vec<(Cost, Cost)> = (0..runs).map(|_| (one(), other())).collect();
    let (ones, others) = costs.into_iter().unzip();
    (median(ones), median(others))
}

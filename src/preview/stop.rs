//! What tells the program to stop: Ctrl-C, a closed terminal, another program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::TERM_SIGNALS;
use signal_hook::flag;

/// Whether the program was told to stop.
#[derive(Debug)]
pub struct Stop {
    told: Arc<AtomicBool>,
}

/// How a program ends that was told twice.
const HURRIED: i32 = 130;

impl Stop {
    /// Listens from now on. Told once, the program goes on until it looks at
    /// [`Stop::is_told`]; told again, it ends at once. Where the system lets
    /// nobody listen, it ends at once the first time.
    pub fn listen() -> Self {
        let told = Arc::new(AtomicBool::new(false));
        for &signal in TERM_SIGNALS.iter().chain(HANG_UP) {
            let _ = flag::register_conditional_shutdown(signal, HURRIED, told.clone())
                .and_then(|_| flag::register(signal, told.clone()));
        }
        Self { told }
    }

    /// Whether the program was told to stop.
    pub fn is_told(&self) -> bool {
        self.told.load(Ordering::SeqCst)
    }
}

/// What a terminal that closes says.
#[cfg(unix)]
const HANG_UP: &[i32] = &[signal_hook::consts::SIGHUP];
#[cfg(not(unix))]
const HANG_UP: &[i32] = &[];

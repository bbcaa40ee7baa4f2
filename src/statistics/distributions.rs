//! Quantiles of the beta distribution and of Student's t.
//!
//! They are written here rather than taken from a crate because the figures of
//! an edition must not depend on the machine that computes them: the logarithm
//! of a platform's C library may differ from another's in its last bit. The
//! `libm` crate is the same code everywhere. Relative error is below 1e-11 for
//! the parameters of surveys (hundredths to millions), and below 1e-13 for most.

use std::cell::RefCell;
use std::collections::HashMap;

use libm::{exp, lgamma, log, log1p, sqrt};

/// How many terms of the continued fraction are taken at most; it needs about
/// the square root of the larger parameter.
const TERMS: usize = 200_000;

/// How many steps towards a quantile are taken at most.
const STEPS: usize = 1_000;

/// The distribution function of a beta distribution, or the regularised
/// incomplete beta function I_x(a, b).
///
/// By the continued fraction of DLMF 8.17.22 (<https://dlmf.nist.gov/8.17>),
/// evaluated with Lentz's method; x is between 0 and 1, a and b above 0.
pub fn beta_distribution(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    // The fraction converges fast below the mean; above it, the complement's does.
    if x < (a + 1.0) / (a + b + 2.0) {
        exp(log_kernel(x, a, b)) * fraction(x, a, b) / a
    } else {
        1.0 - exp(log_kernel(x, a, b)) * fraction(1.0 - x, b, a) / b
    }
}

/// log(x^a (1 − x)^b / B(a, b)).
///
/// With Stirling's formula for the three gamma functions the large terms cancel
/// in the formula rather than in the digits (C. Loader, « Fast and accurate
/// computation of binomial probabilities », 2000): what is left is the distance
/// of x from the mean, seen from each side, and small remainders.
fn log_kernel(x: f64, a: f64, b: f64) -> f64 {
    let n = a + b;
    let y = 1.0 - x;
    let gap = b * x - a * y;
    shortfall(a, gap, n * x)
        + shortfall(b, -gap, n * y)
        + 0.5 * log(a / n * b / std::f64::consts::TAU)
        + stirling_remainder(n)
        - stirling_remainder(a)
        - stirling_remainder(b)
}

/// k · log(m / k) − (m − k), for m near k and `gap` = m − k.
fn shortfall(k: f64, gap: f64, m: f64) -> f64 {
    let relative = gap / k;
    let logarithm = if relative.abs() < 0.5 { log1p(relative) } else { log(m / k) };
    k * (logarithm - relative)
}

/// log Γ(z) − ((z − 1/2) log z − z + log √2π): DLMF 5.11.1.
fn stirling_remainder(z: f64) -> f64 {
    if z < 16.0 {
        return lgamma(z) - ((z - 0.5) * log(z) - z + 0.5 * log(std::f64::consts::TAU));
    }
    let square = z * z;
    let series = 1.0 / 12.0
        - (1.0 / 360.0
            - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / (1188.0 * square)) / square) / square)
            / square;
    series / z
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let away_from_zero = |value: f64| if value.abs() < TINY { TINY } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut value = d;
    for term in 1..TERMS {
        let m = term as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut factor = 1.0;
        for coefficient in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + coefficient * d);
            c = away_from_zero(1.0 + coefficient / c);
            factor = c * d;
            value *= factor;
        }
        if (factor - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    value
}

/// The quantile of a beta distribution: the x with I_x(a, b) = p.
///
/// With a = 0 all the mass is at 0, with b = 0 at 1. By Newton's steps kept
/// inside a bracket, with bisection where a step leaves it.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    if p <= 0.0 || a <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 || b <= 0.0 {
        return 1.0;
    }
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    let mut x = a / (a + b);
    for _ in 0..STEPS {
        let excess = beta_distribution(x, a, b) - p;
        if excess == 0.0 {
            return x;
        }
        if excess > 0.0 {
            high = x
        } else {
            low = x
        }
        let density = exp(log_kernel(x, a, b)) / (x * (1.0 - x));
        let newton = x - excess / density;
        let next = if newton > low && newton < high { newton } else { middle(low, high) };
        if (next - x).abs() <= 2.0 * f64::EPSILON * x {
            return next;
        }
        x = next;
    }
    x
}

/// A point inside a bracket: by halves, or by orders of magnitude near zero.
fn middle(low: f64, high: f64) -> f64 {
    if low == 0.0 {
        high / 64.0
    } else if high > 4.0 * low {
        sqrt(low * high)
    } else {
        low + (high - low) / 2.0
    }
}

/// The t above zero with P(|T| ≤ t) = level, for Student's t.
///
/// T² / (df + T²) follows Beta(1/2, df/2) (DLMF 8.17; Abramowitz and Stegun
/// 26.5.27); the tail that is the smaller of the two is solved for. Infinite
/// without a degree of freedom.
pub fn student_critical(level: f64, degrees: f64) -> f64 {
    if degrees <= 0.0 {
        return f64::INFINITY;
    }
    // An edition asks for a few of them, some thousand times each.
    let asked = (level.to_bits(), degrees.to_bits());
    if let Some(found) = CRITICAL.with_borrow(|known| known.get(&asked).copied()) {
        return found;
    }
    let found = solved_critical(level, degrees);
    CRITICAL.with_borrow_mut(|known| {
        if known.len() >= MOST_CRITICAL {
            known.clear();
        }
        known.insert(asked, found);
    });
    found
}

/// How many critical values a thread remembers.
const MOST_CRITICAL: usize = 1_024;

thread_local! {
    /// The critical values found so far, by the bits of what was asked.
    static CRITICAL: RefCell<HashMap<(u64, u64), f64>> = RefCell::default();
}

fn solved_critical(level: f64, degrees: f64) -> f64 {
    let inside = beta_quantile(level, 0.5, degrees / 2.0);
    if inside < 0.5 {
        return sqrt(degrees * inside / (1.0 - inside));
    }
    let outside = beta_quantile(1.0 - level, degrees / 2.0, 0.5);
    sqrt(degrees * (1.0 - outside) / outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BETA: [(f64, f64, f64, f64); 14] = [
        (0.025, 11.5, 7.25, 0.38999227802229147),
        (0.975, 12.5, 6.25, 0.8547316369640239),
        (0.025, 0.3, 40.2, 7.993984566692093e-08),
        (0.975, 1.0, 150.0, 0.024292597166108543),
        (0.025, 150.0, 1.0, 0.9757074028338915),
        (0.025, 0.1, 3.0, 2.257253028817087e-17),
        (0.5, 0.5, 0.5, 0.4999999999999999),
        (0.025, 2000.25, 3000.5, 0.3864519006119826),
        (0.975, 2001.25, 2999.5, 0.4138048960657934),
        (0.025, 1000000.0, 2000000.0, 0.33280000407595495),
        (0.975, 3.0, 5000000.0, 1.4449362006360798e-06),
        (0.005, 25.7, 1.02, 0.8122495947507439),
        (0.995, 26.7, 0.02, 1.0),
        (0.1, 500000.0, 2.5, 0.9999907636996096),
    ];
    const STUDENT: [(f64, f64, f64); 12] = [
        (0.95, 1.0, 12.706204736174694),
        (0.95, 2.0, 4.302652729749462),
        (0.95, 3.0, 3.1824463052837078),
        (0.95, 10.0, 2.228138851986274),
        (0.95, 30.0, 2.0422724563012378),
        (0.95, 133.0, 1.9779612641677153),
        (0.95, 201.0, 1.9718365067798576),
        (0.95, 1000000.0, 1.9599663568141066),
        (0.99, 1.0, 63.656741162871526),
        (0.999, 5.0, 6.868826625881109),
        (0.5, 4.0, 0.7406970841126826),
        (0.9, 10000.0, 1.645006018069243),
    ];

    fn close(found: f64, expected: f64) {
        let gap = (found - expected).abs() / expected.abs();
        assert!(gap < 1e-11, "{found:e} for {expected:e}: {gap:e}");
    }

    /// Values of R 4.2 with 17 digits: `qbeta(p, a, b)`.
    #[test]
    fn quantiles_of_beta_are_those_of_r() {
        for (p, a, b, expected) in BETA {
            close(beta_quantile(p, a, b), expected);
        }
    }

    /// `qt(1 - (1 - level) / 2, df)`.
    #[test]
    fn quantiles_of_t_are_those_of_r() {
        for (level, degrees, expected) in STUDENT {
            close(student_critical(level, degrees), expected);
        }
    }

    #[test]
    fn a_quantile_undoes_the_distribution() {
        for a in [0.3, 1.0, 4.5, 80.0, 2_000.0, 3e6] {
            for b in [0.4, 1.0, 9.0, 700.0, 5e5] {
                for p in [0.001, 0.025, 0.5, 0.9, 0.975] {
                    let x = beta_quantile(p, a, b);
                    let back = beta_distribution(x, a, b);
                    // Near 1, neighbouring numbers are far apart in probability.
                    assert!((back - p).abs() < 1e-7, "I({x}, {a}, {b}) = {back}, not {p}");
                }
            }
        }
    }

    #[test]
    fn the_ends_hold() {
        assert_eq!(beta_quantile(0.0, 2.0, 3.0), 0.0);
        assert_eq!(beta_quantile(1.0, 2.0, 3.0), 1.0);
        assert_eq!(beta_quantile(0.5, 0.0, 3.0), 0.0);
        assert_eq!(beta_quantile(0.5, 2.0, 0.0), 1.0);
        assert_eq!(student_critical(0.95, 0.0), f64::INFINITY);
    }

    /// Written down once: a change of a single bit is a change of figures.
    #[test]
    fn bits_are_the_same_everywhere() {
        assert_eq!(beta_quantile(0.025, 11.5, 7.25).to_bits(), 4_600_697_096_229_820_170);
        assert_eq!(student_critical(0.95, 133.0).to_bits(), 4_611_586_764_784_905_967);
    }
}

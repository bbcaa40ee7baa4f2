//! Parts of a whole, rounded so that they still make it.

/// A difference below this, in units of the last digit, is the arithmetic's.
const NOISE: f64 = 1e-6;

/// Which parts of a whole are rounded up, the others being rounded down: the
/// method of the largest remainder (T. Hare, 1857; also Hamilton's), which
/// keeps the sum, moves no part by a unit or more, and keeps their order.
///
/// Parts and whole are in units of the last digit shown. What they leave of the
/// whole takes part too, so that where it is not nothing the parts add up to the
/// whole less what it rounds to. Of equal remainders the larger part goes first,
/// then the earlier one, what is left last. None where the parts exceed the
/// whole, or are no parts.
pub fn largest_remainder(parts: &[f64], whole: f64) -> Option<Vec<bool>> {
    let left = whole - super::sums::sum(parts.iter().copied());
    let sound = parts.iter().all(|part| part.is_finite() && *part >= 0.0);
    if !sound || left < -NOISE * (1 + parts.len()) as f64 {
        return None;
    }
    let all: Vec<f64> = parts.iter().copied().chain([left.max(0.0)]).collect();
    let floors: f64 = all.iter().map(|part| floor(*part)).sum();
    let given = (whole - floors).round().max(0.0) as usize;
    let mut order: Vec<usize> = (0..all.len()).collect();
    let remainder = |part: f64| ((part - floor(part)) / NOISE).round() as i64;
    order.sort_by(|a, b| {
        let (a, b) = (all.get(*a).copied(), all.get(*b).copied());
        let (a, b) = (a.unwrap_or(0.0), b.unwrap_or(0.0));
        remainder(b).cmp(&remainder(a)).then(floor(b).total_cmp(&floor(a)))
    });
    let mut up = vec![false; all.len()];
    for rank in order.into_iter().take(given) {
        if let Some(up) = up.get_mut(rank) {
            *up = true;
        }
    }
    up.truncate(parts.len());
    Some(up)
}

/// The whole units of a part; one that is nearly whole is.
pub fn floor(units: f64) -> f64 {
    let nearest = units.round();
    if (units - nearest).abs() < NOISE { nearest } else { units.floor() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(parts: &[f64], whole: f64) -> Vec<f64> {
        let up = largest_remainder(parts, whole).unwrap();
        parts.iter().zip(up).map(|(part, up)| floor(*part) + f64::from(u8::from(up))).collect()
    }

    #[test]
    fn the_largest_remainders_go_up() {
        assert_eq!(shown(&[33.4, 33.3, 33.3], 100.0), [34.0, 33.0, 33.0]);
        assert_eq!(shown(&[12.6, 12.6, 74.8], 100.0), [13.0, 12.0, 75.0]);
        assert_eq!(shown(&[50.0, 50.0], 100.0), [50.0, 50.0]);
        assert_eq!(shown(&[28.999_999_999_999_996, 71.0], 100.0), [29.0, 71.0]);
    }

    #[test]
    fn equal_remainders_go_by_size_then_by_order() {
        assert_eq!(shown(&[24.5, 75.5], 100.0), [24.0, 76.0]);
        let third = 100.0 / 3.0;
        assert_eq!(shown(&[third, third, third], 100.0), [34.0, 33.0, 33.0]);
    }

    #[test]
    fn what_is_left_takes_part() {
        // 2.7 is left: 97.3 is shown of the parts as 97.
        assert_eq!(shown(&[60.6, 36.7], 100.0), [60.0, 37.0]);
        assert_eq!(shown(&[0.0, 0.0], 100.0), [0.0, 0.0]);
        assert_eq!(shown(&[], 100.0), [0.0; 0]);
    }

    #[test]
    fn what_are_no_parts_are_not_rounded_together() {
        assert_eq!(largest_remainder(&[60.0, 60.0], 100.0), None);
        assert_eq!(largest_remainder(&[f64::NAN, 1.0], 100.0), None);
    }

    proptest! {
        #[test]
        fn parts_add_up_and_keep_their_order(
            counts in proptest::collection::vec(0_usize..400, 1..12),
            decimals in 0_i32..=6,
        ) {
            let base: usize = counts.iter().sum();
            prop_assume!(base > 0);
            let scale = 10_f64.powi(decimals);
            let parts: Vec<f64> =
                counts.iter().map(|count| 100.0 * *count as f64 / base as f64 * scale).collect();
            let shown = shown(&parts, 100.0 * scale);
            prop_assert_eq!(shown.iter().sum::<f64>(), 100.0 * scale);
            for (part, shown) in parts.iter().zip(&shown) {
                prop_assert!((shown - part).abs() < 1.0);
                prop_assert!(*shown == part.floor() || *shown == part.ceil() || (shown - part).abs() < 1e-6);
            }
            for (a, shown_a) in counts.iter().zip(&shown) {
                for (b, shown_b) in counts.iter().zip(&shown) {
                    prop_assert!(a >= b || shown_a <= shown_b);
                }
            }
        }
    }
}

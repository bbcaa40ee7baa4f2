//! Whether the colours can be told apart: by contrast, in grey print, and by
//! colour-blind readers.
//!
//! Colour-blindness is simulated after Machado, Oliveira and Fernandes, « A
//! physiologically-based model for simulation of color vision deficiency »,
//! IEEE TVCG 15 (6), 2009, at full severity; distances are ΔE*ab, CIE 1976.

use super::canvas::{Colour, palette::*};

/// A way of seeing, as a matrix on linear sRGB.
type Vision = [[f64; 3]; 3];

const LUMINANCE: [f64; 3] = [0.2126, 0.7152, 0.0722];

const VISIONS: [(&str, Vision); 5] = [
    ("ordinary", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protanopia",
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ],
    ),
    (
        "tritanopia",
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ),
    ("grey print", [LUMINANCE, LUMINANCE, LUMINANCE]),
];

fn linear(Colour(red, green, blue): Colour) -> [f64; 3] {
    [red, green, blue].map(|byte| {
        let value = f64::from(byte) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn dot(row: [f64; 3], colour: [f64; 3]) -> f64 {
    row.iter().zip(colour).map(|(weight, channel)| weight * channel).sum()
}

/// CIELAB under D65.
fn lab(colour: [f64; 3]) -> [f64; 3] {
    let f = |t: f64| {
        if t > 216.0 / 24389.0 { t.cbrt() } else { (24389.0 / 27.0 * t + 16.0) / 116.0 }
    };
    let x = f(dot([0.4124564, 0.3575761, 0.1804375], colour) / 0.95047);
    let y = f(dot([0.2126729, 0.7151522, 0.0721750], colour));
    let z = f(dot([0.0193339, 0.1191920, 0.9503041], colour) / 1.08883);
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// How far two colours are for a way of seeing.
fn distance(one: Colour, other: Colour, vision: &Vision) -> f64 {
    let seen = |colour| lab(vision.map(|row| dot(row, linear(colour)).clamp(0.0, 1.0)));
    let (one, other) = (seen(one), seen(other));
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// The contrast of two colours, as WCAG 2.2 defines it.
fn contrast(one: Colour, other: Colour) -> f64 {
    let light = |colour| dot(LUMINANCE, linear(colour)) + 0.05;
    let (one, other) = (light(one), light(other));
    one.max(other) / one.min(other)
}

fn hold_apart(pairs: &[(Colour, Colour)], least: f64) {
    for (one, other) in pairs {
        for (name, vision) in &VISIONS {
            let distance = distance(*one, *other, vision);
            assert!(distance >= least, "{one:?} and {other:?}, {name}: {distance:.1}");
        }
    }
}

#[test]
fn the_measures_are_those_of_the_books() {
    let (white, black) = (Colour(255, 255, 255), Colour(0, 0, 0));
    assert!((contrast(white, black) - 21.0).abs() < 1e-9);
    assert!((distance(white, black, &VISIONS[0].1) - 100.0).abs() < 0.1);
    // A red and a green of one lightness: far apart for most, close in grey.
    let (red, green) = (Colour(0xC0, 0x40, 0x40), Colour(0x3E, 0x82, 0x3E));
    let seen = VISIONS.map(|(_, vision)| distance(red, green, &vision));
    assert!(seen[0] > 80.0 && seen[2] < 30.0 && seen[4] < 6.0, "{seen:?}");
}

#[test]
fn texts_can_be_read_on_their_grounds() {
    let pairs = [
        (NAVY, PAPER),
        (ORANGE, PAPER),
        (STEEL, PAPER),
        (GREY, PAPER),
        (GREY, TRACK),
        (NAVY, TRACK),
        (PAPER, NAVY),
        (SKY, NAVY),
        (PAPER, ORANGE),
        (PAPER, STEEL),
        (NAVY, SKY),
        (NAVY, LIGHT),
        (NAVY, MIST),
    ];
    for (ink, ground) in pairs {
        assert!(contrast(ink, ground) >= 4.5, "{ink:?} on {ground:?}");
    }
}

/// Marks that bear no word keep 3:1 with what they stand on, or are outlined.
#[test]
fn marks_stand_out_from_their_grounds() {
    for (mark, ground) in [(STEEL, TRACK), (NAVY, SKY), (ORANGE, PAPER), (GREY, PAPER)] {
        assert!(contrast(mark, ground) >= 3.0, "{mark:?} on {ground:?}");
    }
}

#[test]
fn the_three_hues_stay_apart_for_everyone() {
    hold_apart(&[(NAVY, ORANGE), (ORANGE, SKY), (NAVY, SKY)], 25.0);
    for hue in [NAVY, ORANGE, SKY, STEEL] {
        hold_apart(&[(hue, PAPER), (hue, TRACK)], 20.0);
    }
    // The bar that stands out, and what is left over, among the others.
    hold_apart(&[(NAVY, STEEL), (MIST, STEEL), (MIST, TRACK)], 19.0);
}

#[test]
fn the_parts_of_a_whole_stay_apart_from_their_neighbours() {
    for parts in 2..=super::parts::MOST {
        for with_a_rest in [false, true] {
            let fills: Vec<Colour> = (0..parts)
                .map(|rank| super::parts::fill(rank, with_a_rest && rank + 1 == parts).0)
                .collect();
            let pairs: Vec<(Colour, Colour)> =
                fills.windows(2).map(|pair| (pair[0], pair[1])).collect();
            hold_apart(&pairs, 13.0);
        }
    }
}

//! Ten pages beside their pictures: a page that no longer looks as it did is
//! told, with both pictures and their difference to look at.
//!
//! The pictures are small, and a difference of a few points is let through:
//! this finds a page that came apart, not a figure that changed. When a change
//! is meant, look at `target/apparence`, then run
//! `BILAN_REFERENCES=1 cargo test --test suite appearance` to renew them.

use std::path::{Path, PathBuf};

use crate::support::{bilan, project, shipped};

/// The pages that have a picture.
const PAGES: [&str; 10] = [
    "bilan-01",
    "bilan-03",
    "bilan-04",
    "bilan-05",
    "bilan-07",
    "bilan-09",
    "bilan-11",
    "bilan-13",
    "bretagne-1",
    "corse-2",
];

/// In dots an inch: a page is 248 by 351.
const RESOLUTION: &str = "30";

/// How far a channel of a point may be from its reference.
const NEAR: u8 = 64;

/// How many points of a thousand may be further.
const TOLERANCE: usize = 15;

/// How far down a page is filled at least, between its header and its footer: a
/// chapter ends where it ends, but no page is left half empty.
const FILLED: f64 = 0.55;

/// A picture: its size, and three channels a point.
#[derive(Debug, Clone, PartialEq)]
struct Picture {
    width: u32,
    height: u32,
    channels: Vec<u8>,
}

impl Picture {
    fn read(path: &Path) -> Self {
        let file = std::fs::File::open(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
        let mut channels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut channels).unwrap();
        channels.truncate(info.buffer_size());
        // Pages are opaque: what is not colour says nothing.
        if info.color_type == png::ColorType::Rgba {
            channels = channels.chunks(4).flat_map(|point| &point[..3]).copied().collect();
        }
        assert_eq!(channels.len() as u32, info.width * info.height * 3);
        Self { width: info.width, height: info.height, channels }
    }

    fn write(&self, path: &Path) {
        let file = std::fs::File::create(path).unwrap();
        let mut encoder = png::Encoder::new(file, self.width, self.height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(&self.channels).unwrap();
    }

    /// How far down the body of the page something stands: 1 at its foot.
    fn filled(&self) -> f64 {
        let (top, bottom) = (self.height * 9 / 100, self.height * 92 / 100);
        let line = |y: u32| {
            let start = (y * self.width * 3) as usize;
            &self.channels[start..start + self.width as usize * 3]
        };
        let last = (top..bottom).rev().find(|y| line(*y).iter().any(|channel| *channel < 200));
        f64::from(last.unwrap_or(top) - top) / f64::from(bottom - top)
    }

    /// How many points are far from another picture's, and where: black on
    /// white. None where the sizes differ.
    fn difference(&self, other: &Self) -> Option<(usize, Self)> {
        if (self.width, self.height) != (other.width, other.height) {
            return None;
        }
        let points = self.channels.chunks(3).zip(other.channels.chunks(3));
        let is_far =
            |(one, two): (&[u8], &[u8])| one.iter().zip(two).any(|(a, b)| a.abs_diff(*b) > NEAR);
        let far: Vec<bool> = points.map(is_far).collect();
        let shown = |far: &bool| if *far { [0, 0, 0] } else { [255, 255, 255] };
        let channels = far.iter().flat_map(shown).collect();
        let count = far.iter().filter(|far| **far).count();
        Some((count, Self { channels, ..*self }))
    }
}

fn reference(page: &str) -> PathBuf {
    project().join("tests/suite/pages").join(format!("{page}.png"))
}

#[test]
fn pages_look_as_they_did() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("2025");
    bilan(folder.path())
        .args(["produire", "--quiet", "--format", "png", "--resolution", RESOLUTION])
        .args(["--seulement", "bilan", "--region", "Bretagne", "--region", "Corse", "--sortie"])
        .arg(&output)
        .arg(shipped())
        .assert()
        .success();
    let made = |page: &str| output.join(format!("pages/{page}.png"));
    if std::env::var_os("BILAN_REFERENCES").is_some() {
        std::fs::create_dir_all(project().join("tests/suite/pages")).unwrap();
        PAGES.iter().for_each(|page| Picture::read(&made(page)).write(&reference(page)));
        return;
    }
    let pages = bilan::output::files(&output.join("pages"));
    let back_cover = pages.iter().filter(|page| page.starts_with("bilan-")).max();
    let sparse: Vec<String> = pages
        .iter()
        .filter(|page| *page != "bilan-01.png" && Some(*page) != back_cover)
        .map(|page| (page, Picture::read(&output.join("pages").join(page)).filled()))
        .filter(|(_, filled)| *filled < FILLED)
        .map(|(page, filled)| format!("{page}: {filled:.2}"))
        .collect();
    assert!(sparse.is_empty(), "half empty: {sparse:#?}");
    let changed: Vec<String> =
        PAGES.iter().filter_map(|page| changed(page, &made(page), &reference(page))).collect();
    assert!(changed.is_empty(), "{changed:#?}");
}

/// What there is to say of a page that does not look like its reference; both
/// and their difference are left to look at.
fn changed(page: &str, made: &Path, reference: &Path) -> Option<String> {
    let (new, old) = (Picture::read(made), Picture::read(reference));
    let difference = new.difference(&old);
    let points = (new.width * new.height) as usize;
    if difference.as_ref().is_some_and(|(far, _)| far * 1000 <= TOLERANCE * points) {
        return None;
    }
    let folder = project().join("target/apparence");
    std::fs::create_dir_all(&folder).unwrap();
    new.write(&folder.join(format!("{page}.png")));
    old.write(&folder.join(format!("{page}-reference.png")));
    let far = difference.map(|(far, picture)| {
        picture.write(&folder.join(format!("{page}-difference.png")));
        format!("{far} points of {points} differ")
    });
    let far = far.unwrap_or_else(|| "the sizes differ".to_string());
    Some(format!("{page}: {far}; see {}", folder.display()))
}

#[test]
fn a_page_is_as_full_as_its_lowest_mark() {
    let mut page = Picture { width: 10, height: 100, channels: vec![255; 3000] };
    assert_eq!(page.filled(), 0.0);
    page.channels[50 * 30] = 0;
    assert!((page.filled() - 41.0 / 83.0).abs() < 1e-9);
}

#[test]
fn a_page_that_came_apart_is_found() {
    let white = Picture { width: 100, height: 10, channels: vec![255; 3000] };
    let mut marked = white.clone();
    marked.channels[..3 * 20].fill(0);
    let (far, picture) = marked.difference(&white).unwrap();
    assert_eq!(far, 20);
    assert!(far * 1000 > TOLERANCE * 1000);
    assert_eq!(picture.channels.iter().filter(|channel| **channel == 0).count(), 60);
    assert!(white.difference(&Picture { width: 10, height: 100, ..white.clone() }).is_none());
}

use std::collections::HashMap;
use std::io::Cursor;

/// A colour: red, green and blue.
type Colour = [u8; 3];

/// Makes a picture of a page half as large: 256 colours are all that flat colours and the edges of letters need.
///
/// # Panics
///
/// Where it is no PNG.
pub fn compress(picture: &[u8]) -> Vec<u8> {
    let (width, height, points) = read(picture);
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for point in &points {
        *counts.entry(*point).or_default() += 1;
    }
    let mut colours: Vec<Colour> = counts.keys().copied().collect();
    // The colour itself decides between equals, so that the same page gives the same file.
    colours.sort_by_key(|colour| (std::cmp::Reverse(counts[colour]), *colour));
    let kept = &colours[..colours.len().min(256)];
    let places: HashMap<Colour, u8> =
        colours.iter().map(|colour| (*colour, nearest(*colour, kept))).collect();
    let bytes: Vec<u8> = points.iter().map(|point| places[point]).collect();

    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(kept.as_flattened().to_vec());
    encoder.set_compression(png::Compression::High);
    // After the compression, which chooses one for many colours.
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header().expect("a header is written");
    writer.write_image_data(&bytes).expect("the points are written");
    writer.finish().expect("the file ends");
    file
}

fn read(picture: &[u8]) -> (u32, u32, Vec<Colour>) {
    let mut decoder = png::Decoder::new(Cursor::new(picture));
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().expect("a picture");
    let mut bytes = vec![0; reader.output_buffer_size().expect("a size")];
    let frame = reader.next_frame(&mut bytes).expect("a whole picture");
    let points = bytes.chunks_exact(frame.color_type.samples()).map(|point| [point[0], point[1], point[2]]);
    (frame.width, frame.height, points.collect())
}

fn nearest(colour: Colour, kept: &[Colour]) -> u8 {
    let distance = |other: &Colour| -> u32 {
        colour.iter().zip(other).map(|(one, two)| u32::from(one.abs_diff(*two)).pow(2)).sum()
    };
    let place = (0..kept.len()).min_by_key(|place| distance(&kept[*place])).expect("a picture has a colour");
    u8::try_from(place).expect("256 are kept")
}

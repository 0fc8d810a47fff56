// A plot that somebody drew: a small picture, made here so that no file has to be kept.
import { crc32, deflateSync } from "node:zlib";

function chunk(kind, data) {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(kind), data]);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, check]);
}

/// A PNG of 64 by 32 dots, grey: a curve that falls.
export function drawn_plot() {
    const [width, height] = [64, 32];
    const rows = [];
    for (let y = 0; y < height; ++y) {
        const row = Buffer.alloc(1 + width, 255); // each row begins with its filter: none
        row[0] = 0;
        for (let x = 0; x < width; ++x) {
            if (Math.abs(y - (4 + 24 / (1 + Math.exp((32 - x) / 5)))) < 1.5) row[1 + x] = 0;
        }
        rows.push(row);
    }
    const head = Buffer.alloc(13);
    head.writeUInt32BE(width, 0);
    head.writeUInt32BE(height, 4);
    head[8] = 8; // bits of a dot; the rest is 0: grey, not interlaced
    return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", head),
        chunk("IDAT", deflateSync(Buffer.concat(rows))), chunk("IEND", Buffer.alloc(0))]);
}

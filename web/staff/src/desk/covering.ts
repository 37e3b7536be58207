/** A photo drawn anew on the phone: upright, smaller, without what cameras write into it, and with parts that nobody can tell any more. */
export const LARGEST_PX = 1600;
/** A covered part keeps so many cells on its longer side: too few to tell a face by, now or later. */
const CELLS = 6;
const LEAST_PX = 12;

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Draw a photo into a canvas as it is meant to stand. */
export async function draw(file: Blob, canvas: HTMLCanvasElement): Promise<void> {
  const image = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LARGEST_PX / Math.max(image.width, image.height));
  canvas.width = Math.round(image.width * scale);
  canvas.height = Math.round(image.height * scale);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  image.close();
}

/** Cover a part of a canvas by a few cells of one colour each; the picture below is gone. */
export function cover(canvas: HTMLCanvasElement, { x, y, width, height }: Box): void {
  const size = Math.max(width, height);
  if (size < LEAST_PX) return;
  const [across, down] = [Math.max(1, Math.round((CELLS * width) / size)), Math.max(1, Math.round((CELLS * height) / size))];
  const small = document.createElement("canvas");
  [small.width, small.height] = [across, down];
  small.getContext("2d")!.drawImage(canvas, x, y, width, height, 0, 0, across, down);
  const context = canvas.getContext("2d")!;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, across, down, x, y, width, height);
  context.fillStyle = "rgb(128 128 128 / 45%)"; // so that it is seen to be covered
  context.fillRect(x, y, width, height);
}

export function written(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((found) => (found ? resolve(found) : reject(new Error("no picture"))), "image/jpeg", 0.85);
  });
}

/** The box between two corners, within a canvas. */
export function between(canvas: HTMLCanvasElement, [x0, y0]: number[], [x1, y1]: number[]): Box {
  const inside = (value: number, most: number) => Math.min(Math.max(value, 0), most);
  const [left, right] = [inside(Math.min(x0!, x1!), canvas.width), inside(Math.max(x0!, x1!), canvas.width)];
  const [above, below] = [inside(Math.min(y0!, y1!), canvas.height), inside(Math.max(y0!, y1!), canvas.height)];
  return { x: left, y: above, width: right - left, height: below - above };
}

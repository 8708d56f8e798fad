/** A small picture of a picture, made in the browser; as a data URL, which the page's policy allows. */

const SIDE = 320;
const SHOWN = new Set(["image/jpeg", "image/png", "image/webp", "image/gif"]);

/** Resolves to a data URL, or null for what is no picture that this browser can read. */
export async function previewOf(file) {
  if (!SHOWN.has(file.type)) return null;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(bitmap.width * scale));
    canvas.height = Math.max(1, Math.round(bitmap.height * scale));
    canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    return canvas.toDataURL("image/webp", 0.7);
  } catch (error) {
    console.info("This picture has no preview", error);
    return null;
  }
}

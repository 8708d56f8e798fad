/** How much waits for this person: a number before the tab's title, on its icon, and on the menu. */

const SIZE = 32;
const MOST = 99;
const plain = document.title;
const icon = document.querySelector('link[rel="icon"]');
const home = icon?.href;

/** counts: {waiting, mine, unread}, as the server sends them. */
export function showCounts(counts) {
  const number = counts.unread + counts.waiting;
  document.title = number > 0 ? `(${number}) ${plain}` : plain;
  document.body.dataset.news = String(number);
  if (icon) icon.href = number > 0 ? draw(number) : home;
  const place = document.getElementById("news-badge");
  if (place) place.textContent = number > 0 ? shortened(number) : "";
}

function shortened(number) {
  return number > MOST ? `${MOST}+` : String(number);
}

function draw(number) {
  const canvas = document.createElement("canvas");
  canvas.width = SIZE;
  canvas.height = SIZE;
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#b45309";
  pen.beginPath();
  pen.arc(SIZE / 2, SIZE / 2, SIZE / 2, 0, 2 * Math.PI);
  pen.fill();
  pen.fillStyle = "#ffffff";
  pen.font = `bold ${number > 9 ? 17 : 21}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.fillText(shortened(number), SIZE / 2, SIZE / 2 + 1);
  return canvas.toDataURL("image/png");
}

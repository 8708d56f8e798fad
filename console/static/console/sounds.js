/** Short sounds made by the browser itself: each kind of news has its own two or three notes. */

const NOTES = {
  message: [[660, 0], [880, 0.11]],
  waiting: [[520, 0], [520, 0.16], [780, 0.32]],
  mention: [[880, 0], [1175, 0.09]],
};
const LENGTH_S = 0.22;
const LOUDEST = 0.12;
let context = null;

/** Plays the notes of a kind. Until the reader has clicked somewhere the browser keeps the page silent. */
export async function play(kind) {
  context ??= new AudioContext();
  if (context.state === "suspended") await context.resume();
  for (const [hertz, after] of NOTES[kind]) note(hertz, context.currentTime + after);
}

function note(hertz, at) {
  const tone = new OscillatorNode(context, { type: "sine", frequency: hertz });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDEST, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + LENGTH_S);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + LENGTH_S);
}

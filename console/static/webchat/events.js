/**
 * Reads a Server-Sent Events body. EventSource cannot send an Authorization header, so the stream
 * comes through fetch and is parsed here (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 */

/** Yields {event, data} per event and null per heartbeat comment. */
export async function* readEvents(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (waiting + value).replaceAll("\r\n", "\n").split("\n\n");
      waiting = blocks.pop();
      for (const block of blocks) yield parseBlock(block);
    }
  } finally {
    await reader.cancel().catch((error) => console.info("The stream was already closed", error));
  }
}

function parseBlock(block) {
  let event = "message";
  const data = [];
  for (const line of block.split("\n")) {
    const [, name, value] = line.match(/^([^:]*)(?:: ?(.*))?$/u) ?? [];
    if (name === "event") event = value;
    if (name === "data") data.push(value ?? "");
  }
  return data.length === 0 ? null : { event, data: data.join("\n") };
}

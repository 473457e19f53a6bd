// Handing the article on to the device's own share sheet.

/** What the device's own share sheet came to. */
export async function handedOn([url, title, text]) {
  try {
    await navigator.share({ title, text, url });
    return "shared";
  } catch (error) {
    // InvalidStateError: the sheet is open already, after a second tap.
    return /^(Abort|InvalidState)/.test(error.name) ? "dismissed" : "failed";
  }
}

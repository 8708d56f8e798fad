/** The language menu: loads the page again in the language that was chosen, keeping everything else of its address. */
export function chooseLanguage(page) {
  const menu = page.querySelector("#language");
  menu?.addEventListener("change", () => {
    const address = new URL(window.location.href);
    address.searchParams.set("lang", menu.value);
    window.location.assign(address);
  });
}

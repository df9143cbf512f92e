// Fetch what a worker is still finding (matches, or where a firm stands); without this script the page reloads itself.
(() => {
  "use strict";
  const place = document.querySelector("[data-source]");
  const waits = () => place.querySelector('[data-state="waiting"]') !== null;
  if (!place || !waits()) return;

  let tries = 0;
  const look = async () => {
    tries += 1;
    try {
      const reply = await fetch(place.dataset.source, { credentials: "same-origin" });
      if (!reply.ok) throw new Error(String(reply.status));
      const list = await reply.text();
      if (list.includes('data-state="found"')) place.innerHTML = list;
    } catch (error) {
      tries += 5; // a server that is away is asked less often
    }
    if (!waits()) return;
    if (tries < 300) setTimeout(look, tries < 20 ? 500 : 2500);
    else place.querySelector(".looking").textContent = place.dataset.late;
  };
  setTimeout(look, 300);
})();

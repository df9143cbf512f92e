"use strict";

// Letters arrive while somebody looks: fetch the same page now and then, and show its list when it has changed.
const list = document.querySelector("[data-refresh]");
if (list) {
  setInterval(async () => {
    if (document.hidden || list.contains(document.activeElement)) return;
    const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(list.id);
    if (fresh && fresh.innerHTML !== list.innerHTML) list.innerHTML = fresh.innerHTML;
  }, 3000);
}

// A letter is as tall as it is, so that only the page scrolls.
const frame = document.querySelector(".letter-frame");
if (frame) {
  const fit = () => {
    const letter = frame.contentDocument;
    if (letter && letter.body) frame.style.height = `${letter.documentElement.offsetHeight + 2}px`;
  };
  frame.addEventListener("load", fit);
  addEventListener("resize", fit);
  fit();
}

// A button of the letter filled the reply: go on there, once the browser is done with jumping to it.
const reply = document.querySelector("#reply textarea");
if (reply && location.hash === "#reply") {
  addEventListener("load", () => setTimeout(() => {
    if (reply.value) reply.value = `${reply.value.trimEnd()} `;
    reply.focus();
    reply.setSelectionRange(reply.value.length, reply.value.length);
    reply.closest("section").scrollIntoView();
  }));
}

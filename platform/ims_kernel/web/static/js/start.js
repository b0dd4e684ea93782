// Everything works without this file; it adds comfort where scripts run.
import { initAll } from "../build/govuk-frontend.min.js";

initAll();

if (window.htmx) {
  window.htmx.config.allowEval = false;
  window.htmx.config.includeIndicatorStyles = false;
  window.htmx.config.selfRequestsOnly = true;
}

// Parts of a page that htmx put in later have components of their own.
document.body.addEventListener("htmx:afterSwap", (event) => {
  initAll({ scope: event.target });
});

// First in the body, before anything is drawn: tells the styles that scripts run here.
// A file of its own, so that the security policy need not allow a script inside the page.
document.body.className +=
  " js-enabled" + ("noModule" in HTMLScriptElement.prototype ? " govuk-frontend-supported" : "");

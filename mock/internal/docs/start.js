"use strict";
const reference = document.getElementById("reference");
SwaggerUIBundle({
  url: new URL(reference.dataset.description, location.href).href, // whole, for the server that it names is relative to it
  domNode: reference,
  deepLinking: true,
  validatorUrl: null, // asks nobody else
  showExtensions: true, // x-payporter-source: documented or assumed
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});

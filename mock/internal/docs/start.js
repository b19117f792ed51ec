"use strict";
const reference = document.getElementById("reference");
SwaggerUIBundle({
  url: reference.dataset.description,
  domNode: reference,
  deepLinking: true,
  validatorUrl: null, // asks nobody else
  showExtensions: true, // x-payporter-source: documented or assumed
  tryItOutEnabled: true,
  defaultModelsExpandDepth: 0,
});

package main

// table lists all rows. Those that take long come first, so that none of them is alone at the end.
var table = []row{
	{"openapi-generator java", []tool{java, generatorJar, maven}, openapiGeneratorJava},
	{"ogen", []tool{golang}, ogen},
	{"prism", []tool{prism}, throughPrism},
	{"openapi-typescript", []tool{npm}, openapiTypescript},
	{"openapi-generator go", []tool{java, generatorJar, golang}, openapiGeneratorGo},
	{"openapi-generator python", []tool{java, generatorJar, venv}, openapiGeneratorPython},
	{"oapi-codegen", []tool{golang}, oapiCodegen},
	{"openapi-python-client", []tool{venv}, openapiPythonClient},
	{"openapi-to-postmanv2", []tool{npm}, postman},
	{"ajv", []tool{npm}, ajvPrices},
	{"express-openapi-validator", []tool{npm}, expressPrices},
	{"jsonschema", []tool{venv}, jsonschemaPrices},
	{"openapi-generator typescript-fetch", []tool{java, generatorJar}, looksAt("typescript-fetch", fetchLooks...)},
	{"openapi-generator typescript-axios", []tool{java, generatorJar}, looksAt("typescript-axios", axiosLooks...)},
	{"openapi-generator csharp", []tool{java, generatorJar}, looksAt("csharp", csharpLooks...)},
	{"openapi-generator kotlin", []tool{java, generatorJar}, looksAt("kotlin", kotlinLooks...)},
	{"openapi-generator php", []tool{java, generatorJar}, looksAt("php", phpLooks...)},
	{"openapi-generator ruby", []tool{java, generatorJar}, looksAt("ruby", rubyLooks...)},
}

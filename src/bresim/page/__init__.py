"""The model in a web page: the compiled rules as WebAssembly, what they need, and the page around it."""

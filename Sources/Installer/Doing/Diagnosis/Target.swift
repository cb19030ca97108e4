/// Where a registered builder answers, and the name that its certificate must bear there.
struct Target: Equatable {
    var endpoint: Endpoint
    /// What buildx is told to expect; nil: the endpoint's host.
    var servername: String?

    init(_ endpoint: Endpoint, servername: String?) {
        self.endpoint = endpoint
        self.servername = servername == endpoint.host ? nil : servername
    }
}

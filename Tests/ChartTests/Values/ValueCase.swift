/// What setting one value does to one place of the manifest.
struct ValueCase {
    enum Expectation {
        /// The place holds this, as YAML.
        case equals(String)
        /// The place is a text with this in it.
        case contains(String)
        /// The place, or the object, is not there.
        case absent
    }

    /// The value's path, such as `proxy.replicas`.
    let path: String
    /// What it is set to, as YAML.
    let value: String
    /// Such as `Deployment/buildkit-proxy`.
    let object: String
    /// See `KubernetesObject`.
    let pointer: String
    let expectation: Expectation
    /// What else has to be set for it to make a difference.
    let others: [String: String]
    let apis: [String]

    init(
        _ path: String, _ value: String, _ object: String, _ pointer: String, _ expectation: Expectation,
        with others: [String: String] = [:], apis: [String] = []
    ) {
        self.path = path
        self.value = value
        self.object = object
        self.pointer = pointer
        self.expectation = expectation
        self.others = others
        self.apis = apis
    }

    var release: Release {
        Release(set: others.merging([path: value]) { $1 }, apis: apis)
    }
}

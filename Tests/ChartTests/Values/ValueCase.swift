/// The effect of one value on one place of the manifest.
struct ValueCase {
    enum Expectation {
        /// The place is equal to this YAML.
        case equals(String)
        /// The place is a text that contains this.
        case contains(String)
        /// The place, or the object, does not exist.
        case absent
    }

    /// The value's path, for example `proxy.replicas`.
    let path: String
    /// The tested value, as YAML.
    let value: String
    /// For example `Deployment/buildkit-proxy`.
    let object: String
    /// See `KubernetesObject`.
    let pointer: String
    let expectation: Expectation
    /// Other values that are required for an effect.
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

/// The input of rendering: a release's values and its cluster.
struct Release: Encodable {
    /// YAML, as in `helm install --values`.
    var values = ""
    /// Single values by their path, as YAML.
    var set: [String: String] = [:]
    var release = "buildkit"
    var namespace = "builds"
    var kubernetes = "v1.36.0"
    /// Additional API versions of the cluster.
    var apis: [String] = []
}

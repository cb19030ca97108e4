/// What a chart is rendered for: a release's values and the cluster it would be installed in.
struct Release: Encodable {
    /// YAML, as in `helm install --values`.
    var values = ""
    /// Single values by their path, as YAML.
    var set: [String: String] = [:]
    var release = "buildkit"
    var namespace = "builds"
    var kubernetes = "v1.36.0"
    /// What the cluster knows besides the usual.
    var apis: [String] = []
}

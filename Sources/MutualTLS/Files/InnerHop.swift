/// What the certificates between the proxy and BuildKit are called.
public enum InnerHop {
    /// The proxy dials BuildKit by the first name; probes inside its pod by the second.
    public static let serverNames: [SubjectName] = [.dns("buildkitd"), .dns("localhost")]
    public static let clientName = "proxy"
}

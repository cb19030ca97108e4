/// What a certificate is for; everything in it follows from that.
public enum Profile: Sendable, Hashable {
    /// A server that may be dialled by these names.
    case server(names: [SubjectName])
    /// A client, known by the URI `spiffe://buildkit/client/<name>`.
    case client(name: String)
}

import FoundationEssentials
import MutualTLS

/// Merges the revocation lists into what is written to a Secret. No other code writes `crl.pem`.
struct SecretRevocations {
    private static let key = "crl.pem"
    private static let register = CertificateLayout.clientRegister
    /// The keys that are merged at each write, so that concurrent changes of them do not conflict.
    static let keys = [key, register]

    private let context: ActionContext

    init(_ context: ActionContext) { self.context = context }

    /// The files with all known revocations: those of the Secret, and those of the CA's folder.
    /// - Parameters:
    ///   - folder: nil where no CA of this machine is involved; the lists of the Secret are then kept.
    ///   - before: the Secret in the cluster.
    ///   - signed: signed certificates that are not stored yet, to be registered.
    func added(
        to files: [String: Data], keptIn folder: String?, before: JSONValue?,
        registering signed: [CertificateSummary] = []
    ) throws -> [String: Data] {
        var files = files
        files[Self.key] = nil
        let inForce = before?.file(Self.key)
        // Only the proxy's Secret has a list.
        guard folder != nil || inForce != nil else { return files }
        let register = try before?.file(Self.register).map { text throws(CredentialsError) in
            try ClientRegistry(json: text)
        }
        let trusted =
            files["ca.pem"].map { String(decoding: $0, as: UTF8.self) } ?? before?.file("ca.pem") ?? ""
        let lists: MergedRevocations
        if let folder {
            let merged = try CertificateFolder(path: folder).merge(
                register, adding: signed, inForce: inForce, trusting: trusted,
                now: context.dependencies.now())
            files[Self.register] = Data(try merged.registry.json.utf8)
            lists = merged.lists
        } else {
            files[Self.register] = before?.file(Self.register).map { Data($0.utf8) }
            lists = try MergedRevocations(
                inForce: inForce ?? "", trusting: trusted, now: context.dependencies.now())
        }
        if !lists.pem.isEmpty { files[Self.key] = Data(lists.pem.utf8) }
        return files
    }

    /// The Secret as it was before this run, with every revocation since then.
    ///
    /// The certificates are restored with an additional line end. Envoy compares a file with the last version that it
    /// could use, and keeps what it has read since: where a pair and a CA were changed together and only the CA was
    /// unusable, it would continue with the new pair.
    func restored(_ before: JSONValue, keptIn folder: String?, now: JSONValue?) throws -> JSONValue {
        guard let authorities = before.file("ca.pem"), let server = before.file("server.pem") else {
            return before
        }
        let restored = before.with(Data(authorities.utf8).rereadable, at: "ca.pem")
            .with(Data(server.utf8).rereadable, at: "server.pem")
        // Both lists count: the merge may not have had the former one.
        let inForce = [now, before].compactMap { $0?.file(Self.key) }.joined()
        guard !inForce.isEmpty else { return restored }
        let added = try added(
            to: ["ca.pem": Data(authorities.utf8)], keptIn: folder,
            before: before.with(Data(inForce.utf8), at: Self.key))
        return restored.with(added[Self.key], at: Self.key)
            .with(now?.file(Self.register).map { Data($0.utf8) }, at: Self.register)
    }
}

extension Data {
    /// The same certificates with different bytes.
    fileprivate var rereadable: Data { self + [UInt8(ascii: "\n")] }
}

extension JSONValue {
    /// The text under a key of a Secret.
    func file(_ key: String) -> String? {
        self["data"]?[key]?.string.flatMap { Data(base64Encoded: $0) }.map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    fileprivate func with(_ bytes: Data?, at key: String) -> JSONValue {
        guard let bytes else { return self }
        var (object, data) = (self.object, self["data"]?.object ?? [:])
        data[key] = .string(bytes.base64EncodedString())
        object["data"] = .object(data)
        return .object(object)
    }
}

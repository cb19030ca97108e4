/// The script in a bundle: one line registers the builder with the files beside it.
struct BundleScript {
    private let bundle: Bundle
    private let endpoint: Endpoint
    private let servername: String?

    init(_ bundle: Bundle, at endpoint: Endpoint, servername: String?) {
        self.bundle = bundle
        self.endpoint = endpoint
        self.servername = servername
    }

    var text: String {
        let builder = bundle.registration.builder
        // Quoted for buildx as well: the folder's name is the receiver's, and may hold a comma.
        var options = [("cacert", "ca"), ("cert", "cert"), ("key", "key")].map { option, file in
            "\\\"\(option)=$PWD/\(file).pem\\\""
        }
        if let servername, servername != endpoint.host { options.append("servername=\(servername)") }
        let forward =
            bundle.tunnel.map { ["# Before each use, in another terminal: \($0.kubectl.portForward($0))"] }
            ?? []
        return
            ([
                "#!/bin/sh",
                "# Registers the builder \(builder) for \(bundle.client). Then: docker buildx build --builder \(builder) .",
                "# docker buildx reads the certificate from this folder, so put it where it can stay.",
            ] + forward + [
                "cd \"$(dirname \"$0\")\" && docker buildx create --name \(builder) --driver remote "
                    + "--driver-opt \"\(options.joined(separator: ","))\" \(endpoint)"
            ]).joined(separator: "\n") + "\n"
    }
}

import FoundationEssentials
import MutualTLS

extension Fault {
    static let files: [Fault] = [
        Fault("no authority", broken: ["files"], says: "ca.pem is missing") { patient in
            try FileManager.default.removeItem(atPath: "\(patient.client)/ca.pem")
        },
        Fault("no certificate", broken: ["files"], says: "cert.pem is missing") { patient in
            try FileManager.default.removeItem(atPath: "\(patient.client)/cert.pem")
        },
        Fault("a key of another pair", broken: ["files"], says: "they are not a pair") { patient in
            try patient.write(try await patient.identity().key.revealed, to: "key.pem")
        },
        Fault("a key that is none", broken: ["files"], says: "key.pem") { patient in
            try patient.write("nothing\n", to: "key.pem")
        },
        Fault("an expired certificate", broken: ["files"], says: "expired on") { patient in
            try patient.write(try await patient.identity(in: -7))
        },
        Fault("a certificate of tomorrow", broken: ["files"], says: "is not valid before") { patient in
            try patient.write(try await patient.identity(in: 1))
        },
        Fault("a server's certificate", broken: ["files"], says: "cannot be used as a client") { patient in
            try patient.write(
                try await patient.identity(.server(names: [SubjectName("alice.test")])))
        },
        Fault("a key that others may read", doubtful: ["files"], says: "is readable by other users") {
            patient in
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: "\(patient.client)/key.pem")
        },
    ]
}

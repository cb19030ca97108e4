import Crypto
import NIOSSL
import X509
import CryptoExtras

"""The reference's variational autoencoder in PyTorch. The other scripts in this folder import it."""
from collections import OrderedDict

import torch
from torch import nn
from torch.nn import functional as F

ROWS, COLUMNS, HIDDEN, KERNEL = 28, 28, 32, 5
DECODER_CHANNELS = (128, 64, 1)  # the output channels of each decoder block


def decoder_block(channels_in, channels_out, dropout):
    layers = OrderedDict(
        deconv=nn.ConvTranspose2d(channels_in, channels_out, kernel_size=KERNEL, stride=(3, 1)),
        relu=nn.ReLU(),
        norm=nn.BatchNorm2d(channels_out, eps=1e-5, momentum=0.1),
        pool=nn.MaxPool2d((3, 2)))
    if dropout > 0:
        layers["dropout"] = nn.Dropout(dropout)
    return nn.Sequential(layers)


def decoder_blocks(latent, channels=DECODER_CHANNELS):
    """Returns the input channels, input columns and output channels of each block, then the last output columns."""
    columns, blocks = 1, []
    for channels_in, channels_out in zip((latent, *channels), channels):
        blocks.append((channels_in, columns, channels_out))
        columns = (columns + KERNEL - 1) // 2
    return blocks, columns


class Vae(nn.Module):
    """The model. The names of its parameters are those of the exported tensors."""

    def __init__(self, latent=256, dropout=0.0, channels=DECODER_CHANNELS):
        super().__init__()
        self.lstm = nn.LSTM(COLUMNS, HIDDEN, batch_first=True)
        self.mean = nn.Linear(HIDDEN, latent)
        self.log_var = nn.Linear(HIDDEN, latent)
        blocks, columns = decoder_blocks(latent, channels)
        for number, (channels_in, _, channels_out) in enumerate(blocks, start=1):
            self.add_module(f"block{number}", decoder_block(channels_in, channels_out, dropout))
        self.output = nn.Linear(columns, COLUMNS)

    def blocks(self):
        """Returns the decoder's blocks by name, in order."""
        return {name: module for name, module in self.named_children() if isinstance(module, nn.Sequential)}

    def forward(self, x, eps=None):
        """Returns the logits of the pixels [B,28,28] and the mean, log-variance and sample of z [B,28,latent].

        eps is the standard normal noise of the sample. By default it is drawn.
        """
        h = F.relu(self.lstm(x)[0])
        mean, log_var = self.mean(h), self.log_var(h)
        z = mean + torch.exp(log_var / 2) * (torch.randn_like(mean) if eps is None else eps)
        h = z.transpose(1, 2).unsqueeze(3)  # rows become the height, latent channels the channels
        for block in self.blocks().values():
            h = block(h)
        return self.output(h.squeeze(1)), mean, log_var, z
